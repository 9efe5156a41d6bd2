"""The same settings for tests: quick hashes, plain static files, and a corner of Valkey and of the disk for each run.

Runs beside each other need different TEST_DATABASE names; the rest follows from that name. The workers of one run
have theirs by their numbers.
"""

import os
from zlib import crc32

from contactcenter.settings import *  # noqa: F403 - test settings are the settings, changed in few places
from contactcenter.settings import CACHES, CHANNEL_LAYERS, DATABASES, HOME, REDIS_URL

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")  # gw0, gw1, …
_run = str(DATABASES["default"]["TEST"]["NAME"])
_corner = 1 + (crc32(_run.encode()) + int(_worker.removeprefix("gw") or 0)) % 15
_run = f"{_run}_{_worker}" if _worker else _run  # as pytest-django calls the worker's database
if REDIS_URL.endswith("/0"):  # the number in which a demo may be running
    REDIS_URL = f"{REDIS_URL.removesuffix('/0')}/{_corner}"
    CACHES["default"]["LOCATION"] = CELERY_BROKER_URL = REDIS_URL
# Published messages know no database numbers, so the channel layer needs a prefix of its own.
CHANNEL_LAYERS["default"]["CONFIG"] = {"hosts": [REDIS_URL], "prefix": _run}
MEDIA_ROOT = HOME / "test-files" / _run

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
AXES_ENABLED = False
