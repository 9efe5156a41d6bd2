"""What is wrong with an installation's settings, said when a command starts instead of when a customer notices."""

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's own name


def in_production() -> bool:
    """Reached by others than this machine's user."""
    return settings.SECURE or urlsplit(settings.PUBLIC_URL).hostname not in {"127.0.0.1", "localhost"}


def check_secrets(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    if in_production() and not os.environ.get("SECRET_KEY"):
        return [
            Error(
                "SECRET_KEY is not set: each machine would make its own, and signed reply addresses would not fit.",
                hint="Set SECRET_KEY to a long random text, the same for all processes.",
                id="contactcenter.E001",
            )
        ]
    if in_production() and len(settings.SECRET_KEY) < 32:
        return [Error("SECRET_KEY is shorter than 32 characters.", id="contactcenter.E002")]
    return []


def check_servers(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    if settings.DATABASE_URL:
        return []
    said = "DATABASE_URL is not set and no embedded server is recorded for this folder."
    hint = "Set DATABASE_URL, or start `make demo`, or `python -m contactcenter.local servers`."
    if in_production():
        return [Error(said, hint=hint, id="contactcenter.E003")]
    return [Warning(said, hint=hint, id="contactcenter.W003")]


def check_addresses(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    allowed = settings.ALLOWED_HOSTS
    fits = any(name in {host, "*"} or (name.startswith(".") and host.endswith(name)) for name in allowed)
    if not fits:
        found.append(
            Error(
                f"ALLOWED_HOSTS does not contain {host}, the host of PUBLIC_URL: every request would be refused.",
                id="contactcenter.E004",
            )
        )
    if "*" in allowed and in_production():
        found.append(Error("ALLOWED_HOSTS=* lets anybody choose our host name.", id="contactcenter.E005"))
    if settings.DEBUG and in_production():
        found.append(Error("DEBUG shows settings to strangers; it is for this machine only.", id="contactcenter.E006"))
    if in_production() and not settings.SECURE:
        found.append(
            Warning("PUBLIC_URL is not https: passwords and customers' data go in clear.", id="contactcenter.W007")
        )
    return found


def check_home(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    folder = next(path for path in (settings.HOME, *settings.HOME.parents) if path.exists())
    if os.access(folder, os.W_OK):
        return []
    return [
        Error(
            f"CONTACTCENTER_HOME: {settings.HOME} cannot be written, so no attachment could be stored.",
            id="contactcenter.E008",
        )
    ]
