"""Does the ledger tell the truth? Each mail that came is held against the messages that there are, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from channels_email.domain.ledger import Narrowing, in_days, span
from channels_email.enums import RawState
from channels_email.models import RawEmail
from foundation import clock
from interactions.enums import ChannelName, Direction
from interactions.models import Message

LATE = timedelta(minutes=5)  # a mail is understood within seconds; what waits longer has been forgotten by somebody
LISTED = 50  # of each kind; behind them there are more
FINGERPRINT = r"^[0-9a-f]{64}$"  # messages that came as mails are known by one; told history and imports are not


@dataclass(frozen=True)
class Difference:
    """One place where the ledger does not add up. One of `raw` and `message` is where to look."""

    words: str
    raw: UUID | None = None
    message: UUID | None = None
    case: UUID | None = None


def differences(mails: QuerySet[RawEmail], asked: Narrowing) -> list[Difference]:
    """What does not add up in the narrowing's days; [] when received = message + duplicate + ignored + quarantined +
    refused, each with what belongs to it, and every message has its mail.
    """
    there = in_days(mails, asked).order_by("-received_at", "-id")
    return [
        *_of(there.filter(state=RawState.MESSAGE, message=None), "became a message that is not there any more"),
        *_of(there.filter(state=RawState.DUPLICATE, message=None), "is called a duplicate of nothing"),
        *_of(
            there.filter(
                state__in=(RawState.IGNORED, RawState.SPAM, RawState.QUARANTINED, RawState.REFUSED), reason=""
            ),
            "was put aside without a reason",
        ),
        *_of(
            there.filter(state=RawState.RECEIVED, received_at__lt=clock.now() - LATE), "waits to be understood for long"
        ),
        *_counted_twice(there),
        *_messages_without_mail(asked),
    ]


def _of(mails: QuerySet[RawEmail], words: str) -> Iterable[Difference]:
    for raw, case in mails.values_list("pk", "case")[:LISTED]:
        yield Difference(words, raw=raw, case=case)


def _counted_twice(mails: QuerySet[RawEmail]) -> Iterable[Difference]:
    """One message that two mails claim to have become."""
    twice = (
        mails.filter(state=RawState.MESSAGE)
        .exclude(message=None)
        .order_by()
        .values("message")
        .annotate(mails=Count("pk"))
        .filter(mails__gt=1)
        .values_list("message", "mails")[:LISTED]
    )
    for message, number in twice:
        yield Difference(f"{number} mails are counted as this one message", message=message)


def _messages_without_mail(asked: Narrowing) -> Iterable[Difference]:
    start, end = span(asked)
    became = RawEmail.objects.filter(message=OuterRef("pk"), state=RawState.MESSAGE)
    orphans = Message.objects.filter(
        ~Exists(became),
        Q(external_id__regex=FINGERPRINT),
        channel=ChannelName.EMAIL,
        direction=Direction.INBOUND,
        occurred_at__gte=start,
        occurred_at__lt=end,
    ).order_by("-occurred_at", "-id")
    for message, case in orphans.values_list("pk", "case")[:LISTED]:
        yield Difference("is a message without a mail", message=message, case=case)
