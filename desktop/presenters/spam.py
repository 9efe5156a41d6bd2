"""What was marked as spam, ready to be judged: text alone, with nothing in it to be clicked or loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from channels_email.domain.held import COUNT_LIMIT
from channels_email.models import SpamMail

_BEGINNING = 160  # characters of a line


@dataclass(frozen=True)
class SpamLine:
    """`more` is what the mail says beyond its beginning, '' when that is all."""

    id: UUID
    sender: str
    address: str
    subject: str
    beginning: str
    more: str
    queue: str
    mark: str
    at: datetime
    pass_url: str


def spam_lines(mails: Iterable[SpamMail]) -> list[SpamLine]:
    return [_line(mail) for mail in mails]


def _line(mail: SpamMail) -> SpamLine:
    words = " ".join(mail.text.split())
    return SpamLine(
        id=mail.pk,
        sender=mail.sender_name or mail.sender_address or "Nobody named",
        address=mail.sender_address if mail.sender_name else "",
        subject=mail.subject or "No subject",
        beginning=words[:_BEGINNING] or "No text",
        more=mail.text if len(words) > _BEGINNING else "",
        queue=mail.queue.name if mail.queue else "no queue",
        mark=mail.raw.reason.removeprefix("marked as spam: "),
        at=mail.received_at,
        pass_url=reverse("desktop:spam_passing", args=[mail.pk]),
    )


def spam_words(lately: int) -> str:
    """The line above the queues' list; '' when nothing lies there."""
    if not lately:
        return ""
    number = f"{lately}+" if lately >= COUNT_LIMIT else str(lately)
    return f"{number} mail{'' if lately == 1 else 's'} held as spam this week"
