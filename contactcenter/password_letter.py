"""The letter with which somebody who forgot a password chooses a new one. Its link works once, for some hours."""

from email.utils import formataddr
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from agents.models import Agent
from channels_email.models import Mailbox


def send_password_letter(agent: Agent) -> None:
    """Sends it to the account's own address. Raises OSError or SMTPException when the mail server takes nothing."""
    key = {"uidb36": user_pk_to_url_str(agent), "key": default_token_generator.make_token(agent)}
    context = {
        "agent": agent,
        "address": settings.PUBLIC_URL,
        "link": settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=key),
        "valid": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    EmailMessage(
        subject="Choose a new password",
        body=render_to_string("account/letter/new_password.txt", context),
        from_email=sender(),
        to=[agent.email],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def sender() -> str:
    """As whom the program itself writes: MAIL_FROM, else the oldest mailbox of ours, else a name at its own host."""
    if settings.DEFAULT_FROM_EMAIL:
        return settings.DEFAULT_FROM_EMAIL
    mailbox = Mailbox.objects.active().select_related("queue__brand").first()
    if mailbox is not None:
        return formataddr((mailbox.display_name or mailbox.queue.brand.name, mailbox.address))
    return f"contactcenter@{urlsplit(settings.PUBLIC_URL).hostname}"
