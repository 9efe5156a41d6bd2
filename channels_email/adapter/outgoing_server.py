"""Which server a mailbox's mail leaves by: its own, or the installation's."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

from channels_email.adapter.oauth import access_token
from channels_email.enums import Security, SignIn
from channels_email.models import Mailbox


@dataclass(frozen=True)
class OutgoingServer:
    """`token` signs in by XOAUTH2 instead of the password; `ours`: named by the installation, not by a mailbox."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    ours: bool = True


def server_for(mailbox: Mailbox) -> OutgoingServer:
    """Raises SignInRefused, NotConfigured where the mailbox signs in by token and there is none."""
    if mailbox.smtp_host:
        return OutgoingServer(
            mailbox.smtp_host,
            mailbox.smtp_port,
            Security(mailbox.smtp_security),
            mailbox.smtp_user or (mailbox.address if mailbox.sign_in != SignIn.PASSWORD else ""),
            mailbox.smtp_password,
            "" if mailbox.sign_in == SignIn.PASSWORD else access_token(mailbox),
            ours=False,
        )
    return OutgoingServer(
        settings.SMTP_OUT_HOST,
        settings.SMTP_OUT_PORT,
        Security(settings.SMTP_OUT_SECURITY),
        settings.SMTP_OUT_USER,
        settings.SMTP_OUT_PASSWORD,
    )
