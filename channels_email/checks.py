"""What is wrong with the mail settings, said when a command starts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

SMALLEST = 64 * 1024  # RFC 5321 section 4.5.3.1.7: a server takes at least 64 KiB


def check_mail_settings(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    found: list[CheckMessage] = []
    if settings.MAIL_MAX_BYTES < SMALLEST:
        found.append(Error(f"MAIL_MAX_BYTES={settings.MAIL_MAX_BYTES} is under 65536.", id="channels_email.E001"))
    if settings.SMTP_CONNECTIONS < 1:
        found.append(Error("SMTP_CONNECTIONS must be 1 or more.", id="channels_email.E002"))
    certificate, key = settings.SMTP_TLS_CERTIFICATE, settings.SMTP_TLS_KEY
    if bool(certificate) != bool(key):
        found.append(Error("SMTP_TLS_CERTIFICATE and SMTP_TLS_KEY belong together.", id="channels_email.E003"))
    for name, path in (("SMTP_TLS_CERTIFICATE", certificate), ("SMTP_TLS_KEY", key)):
        if path and not os.access(path, os.R_OK):
            found.append(Error(f"{name}={path} cannot be read.", id="channels_email.E004"))
    if settings.SMTP_OUT_USER and settings.SMTP_OUT_SECURITY == "none":
        found.append(Error("SMTP_OUT_PASSWORD would travel in clear: set SMTP_OUT_SECURITY.", id="channels_email.E005"))
    return found
