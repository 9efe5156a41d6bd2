"""The Celery application. It carries doorbells only: the work itself stands in rows (see foundation.outbox)."""

import os
from typing import Any

from celery import Celery, signals
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")

app = Celery("contactcenter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Celery would open a new database connection for each task, which costs more than most of them. Kept as Django keeps
# them between requests instead: checked before each task, renewed when old or broken.
app.conf["CELERY_DB_REUSE_MAX"] = 1_000_000_000


@signals.task_prerun.connect
def renew_connections(**_facts: Any) -> None:
    close_old_connections()
