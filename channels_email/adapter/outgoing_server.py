"""Which server a mailbox's mail leaves by: its own, or the installation's."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

from channels_email.enums import Security
from channels_email.models import Mailbox


@dataclass(frozen=True)
class OutgoingServer:
    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


def server_for(mailbox: Mailbox) -> OutgoingServer:
    if mailbox.smtp_host:
        return OutgoingServer(
            mailbox.smtp_host,
            mailbox.smtp_port,
            Security(mailbox.smtp_security),
            mailbox.smtp_user,
            mailbox.smtp_password,
        )
    return OutgoingServer(
        settings.SMTP_OUT_HOST,
        settings.SMTP_OUT_PORT,
        Security(settings.SMTP_OUT_SECURITY),
        settings.SMTP_OUT_USER,
        settings.SMTP_OUT_PASSWORD,
    )
