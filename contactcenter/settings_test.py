"""The same settings for tests: quick password hashes and static files without a manifest, nothing else."""

from contactcenter.settings import *  # noqa: F403 - test settings are the settings, changed in few places

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
AXES_ENABLED = False
