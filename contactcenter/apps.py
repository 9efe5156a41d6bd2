from typing import ClassVar

from django.apps import AppConfig
from django.contrib.staticfiles import apps as staticfiles
from django.core.checks import register

from contactcenter.celery import app as celery_app
from contactcenter.checks import check_addresses, check_home, check_secrets, check_servers


class ContactcenterConfig(AppConfig):
    name = "contactcenter"
    verbose_name = "Contact center"
    default = True

    def ready(self) -> None:
        celery_app.set_default()  # every Django process publishes tasks through this app, not only the worker
        for check in (check_secrets, check_servers, check_addresses, check_home):
            register(check)


class StaticFilesConfig(staticfiles.StaticFilesConfig):
    """Served is what was built from static/css and static/js, never these sources themselves."""

    ignore_patterns: ClassVar[list[str]] = [*staticfiles.StaticFilesConfig.ignore_patterns, "css/*", "js/*", "dist/.*"]
