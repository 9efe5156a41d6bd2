"""Mails as customers' programs write them."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime

from foundation import clock


def letter(
    text: str = "Where is my order?",
    *,
    sender: str = "Carla Nyström <carla@post.example>",
    to: str = "support@nordhem.example",
    subject: str = "My order",
    message_id: str | None = "<1@post.example>",
    **fields: str,
) -> EmailMessage:
    """A mail of Carla's; `in_reply_to="<…>"` sets the field In-Reply-To, and so on."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(clock.now())
    if message_id:
        mail["Message-ID"] = message_id
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail
