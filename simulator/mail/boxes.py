"""Customers' mailboxes: keeping what the demo sent, and writing what goes back to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from channels_email.domain.parse import parse
from channels_email.domain.parsed import ParsedEmail
from channels_email.errors import Unreadable
from customers.models import Identity
from foundation import clock
from foundation.keys import new_key
from simulator.enums import Folder
from simulator.mail.draft import Answered, Draft, File
from simulator.mail.programs import compose, reply_subject
from simulator.models import DemoMail

SNIPPET = 160


def keep(raw: bytes, sender: str, recipients: Sequence[str]) -> list[DemoMail]:
    """Puts a mail of the demo into each recipient's mailbox."""
    mail = read(raw)
    author = mail.author if mail else None
    rows = [
        DemoMail(
            owner=recipient.lower(),
            folder=Folder.INBOX,
            sender_name=author.name[:200] if author else "",
            sender=(author.address if author else sender)[:320],
            recipient=recipient[:320],
            subject=mail.subject[:400] if mail else "",
            snippet=_snippet(mail.reply_text or mail.text) if mail else "",
            message_id=mail.message_id[:400] if mail else "",
            raw=raw,
        )
        for recipient in dict.fromkeys(recipients)
    ]
    return DemoMail.objects.bulk_create(rows)


def write(
    owner: str,
    name: str,
    to: str,
    subject: str,
    text: str,
    *,
    language: str = "en",
    by_hand: bool = False,
    files: tuple[File, ...] = (),
) -> DemoMail:
    """A new mail from this mailbox; it lies there until the post takes it."""
    return _write(owner, name, to, subject, text, language, None, None, by_hand=by_hand, files=files)


def answer(
    mail: DemoMail,
    text: str,
    *,
    name: str,
    language: str = "en",
    by_hand: bool = False,
    files: tuple[File, ...] = (),
) -> DemoMail:
    """An answer from the mailbox the mail lies in, to its Reply-To or sender. Answering twice writes two mails."""
    parsed = read(bytes(mail.raw))
    back_to = parsed.reply_to[0].address if parsed and parsed.reply_to else mail.sender
    answered = Answered(
        name=mail.sender_name or mail.sender,
        address=mail.sender,
        to=mail.recipient,
        subject=mail.subject,
        text=parsed.text if parsed else "",
        at=mail.received_at,
        message_id=mail.message_id,
        references=parsed.references if parsed else (),
    )
    subject = reply_subject(mail.subject)
    return _write(mail.owner, name, back_to, subject, text, language, mail, answered, by_hand=by_hand, files=files)


def read(raw: bytes) -> ParsedEmail | None:
    """The mail as a mail program understands it; None for what is no mail."""
    try:
        return parse(raw)
    except Unreadable:
        return None


def name_of(owner: str) -> str:
    """What the mailbox's owner signs with: as it last did, else as the customer of that address is called, else ''."""
    last = DemoMail.objects.of(owner).filter(folder=Folder.SENT).values_list("sender_name", flat=True).first()
    if last:
        return last
    known = Identity.objects.filter(kind="email", value=owner.lower()).values_list("customer__name", flat=True).first()
    return known or ""


def _write(
    owner: str,
    name: str,
    to: str,
    subject: str,
    text: str,
    language: str,
    answers: DemoMail | None,
    answered: Answered | None,
    *,
    by_hand: bool,
    files: tuple[File, ...] = (),
) -> DemoMail:
    key, now = new_key(), clock.now()
    message_id = f"{key.hex}@{owner.rpartition('@')[2]}"
    draft = Draft(
        name=name,
        address=owner,
        to=to,
        subject=subject,
        text=text,
        language=language,
        at=_to_the_second(now),
        message_id=message_id,
        answered=answered,
        files=files,
    )
    with transaction.atomic():
        return DemoMail.objects.create(
            id=key,
            owner=owner.lower(),
            folder=Folder.SENT,
            sender_name=name[:200],
            sender=owner,
            recipient=to,
            subject=subject[:400],
            snippet=_snippet(text),
            message_id=message_id,
            raw=compose(draft),
            received_at=now,
            by_hand=by_hand,
            answers=answers,
        )


def _to_the_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _snippet(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:SNIPPET]
