"""What the tables say when the fire is out: what was lost, what was doubled, and whether the ledger adds up."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import Count

from channels_email.domain.ledger import Narrowing
from channels_email.domain.reconcile import differences
from channels_email.enums import RawState
from channels_email.models import KnownMessageId, RawEmail, Reprocessing
from foundation import clock
from foundation.bus import name_of
from foundation.outbox.models import OutboxRow
from foundation.registry import after_of
from interactions.enums import DeliveryState
from interactions.events import DeliveryDue
from interactions.models import Delivery, Message
from proofs.sink import Sink

FINAL = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.WITHDRAWN)


def quiet() -> bool:
    """Nothing is left to be understood or to be done, but what belongs to deliveries: these are waited for apart."""
    owed = OutboxRow.objects.filter(dead_at=None).exclude(event=name_of(DeliveryDue))
    return not RawEmail.objects.filter(state=RawState.RECEIVED).exists() and not owed.exists()


def delivered(number: int) -> bool:
    """So many answers were written, and each is at its end."""
    answers = Delivery.objects.filter(message__author__isnull=False)
    return answers.count() >= number and not Delivery.objects.exclude(state__in=FINAL).exists()


def mails_in(expected: set[str]) -> dict[str, Any]:
    """Each mail of these Message-IDs, without brackets, is to be exactly one message."""
    copies = Counter(KnownMessageId.objects.filter(ours=False).values_list("value", flat=True))
    states = dict(RawEmail.objects.order_by().values_list("state").annotate(mails=Count("pk")))
    found = differences(RawEmail.objects.defer("content"), these_days())
    return {
        "sent": len(expected),
        "messages": Message.objects.filter(direction="in").count(),
        "lost": len(expected - copies.keys()),
        "doubled": sum(number - 1 for number in copies.values()),
        "strange": len(copies.keys() - expected),
        "ledger": {"received": sum(states.values()), **states},
        "differences": len(found),
        "first_difference": found[0].words if found else "",
        "dead_letters": OutboxRow.objects.exclude(dead_at=None).count(),
    }


def these_days() -> Narrowing:
    """Also what a clock wrote that was a day wrong."""
    today = clock.now().date()
    return Narrowing(first=today - timedelta(days=3), last=today + timedelta(days=3))


def read_again(job: Reprocessing) -> bool:
    job.refresh_from_db()
    return job.finished_at is not None


def answers_out(sink: Sink, written: int) -> dict[str, Any]:
    """Each answer is to be one delivery, and to arrive once unless its address refuses it or it is not known."""
    answers = list(
        Delivery.objects.filter(message__author__isnull=False).values_list("pk", "state", "case", "external_id")
    )
    by_case = Counter(case for _, _, case, _ in answers)
    copies = Counter({key: number for key, number in sink.copies.items() if not key.startswith("trial.")})
    arrived = {key.partition(".")[0] for key in copies}
    states = Counter(state for _, state, _, _ in answers)
    lost = [key for key, state, _, _ in answers if state != DeliveryState.FAILED and key.hex not in arrived]
    window = [key for key, state, _, _ in answers if state == DeliveryState.UNKNOWN and key.hex in arrived]
    return {
        "answers": written,
        "answers_written": len(answers),
        "answers_written_twice": sum(number - 1 for number in by_case.values()),
        "answers_lost": len(lost),
        "answers_doubled": sum(number - 1 for number in copies.values()),
        "answers_in_the_window": len(window),
        "answers_by_state": dict(states),
    }


def receivers_of(*events: type) -> list[str]:
    """The points around the commit of everything that follows these events."""
    names = sorted({receiver.name for event in events for receiver in after_of(event)})
    return [f"{name}.{side}_commit" for name in names for side in ("before", "after")]
