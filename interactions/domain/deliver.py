"""Delivering: a delivery row goes to its channel's adapter once, and its state always says what is known.

    held, queued → transmitting → sent | failed | unknown | queued again, later
    sent, unknown → delayed, failed, when a report says so (see `returned`)

What came out is written down as soon as the database is there to take it. A delivery found in `transmitting` after its
lease is one whose worker died between handing over and writing the outcome down; it becomes `unknown` and is sent again
only when a person asks for it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from agents.models import Agent
from foundation import bus, clock, fault
from foundation.outlast import outlast
from interactions.channel import Outgoing, channel_for
from interactions.domain.recipient_rows import fail_recipients, follow_delivery, has_failed_recipients
from interactions.enums import DeliveryState
from interactions.errors import CannotReply, OutcomeUnknown, PermanentFailure, TransientFailure
from interactions.events import DeliveryChanged, DeliveryDue
from interactions.models import Delivery, DeliveryStep

LEASE = timedelta(seconds=settings.DELIVERY_LEASE)
FIRST_PAUSE = timedelta(seconds=settings.DELIVERY_FIRST_PAUSE)
LONGEST_PAUSE = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(
    days=2
)  # RFC 5321 section 4.5.4.1 wants four to five days of a relay; people want to know sooner

log = structlog.get_logger(__name__)


def deliver(delivery: UUID) -> Delivery | None:
    """Transmits the delivery when it is due and nobody else is at it; None when there was nothing to do.

    Not to be called inside a transaction: the state `transmitting` must be committed before the first byte leaves.
    """
    claimed = _claim(delivery)
    if claimed is None:
        return None
    outgoing = Outgoing(
        delivery=claimed.pk, message=claimed.message_id, case=claimed.case_id, idempotency=str(claimed.pk)
    )
    return outlast(_transmit(claimed, outgoing))


def _transmit(claimed: Delivery, outgoing: Outgoing) -> Callable[[], Delivery]:
    """Hands over to the channel; what is then to be written down."""
    try:
        transmitted = channel_for(claimed.channel).transmit(outgoing)
    except TransientFailure as failure:
        return partial(_later, claimed, failure.answer)
    except PermanentFailure as failure:
        return partial(_record, claimed, DeliveryState.FAILED, failure.answer)
    except OutcomeUnknown as failure:
        return partial(_record, claimed, DeliveryState.UNKNOWN, failure.answer)
    except Exception as error:
        log.exception("an adapter broke off a delivery", delivery=str(claimed.pk))
        words = f"{type(error).__name__} in the middle of the transmission"
        return partial(_record, claimed, DeliveryState.UNKNOWN, words)
    return partial(
        _record,
        claimed,
        DeliveryState.SENT,
        transmitted.answer,
        transmitted.external_id,
        refused=transmitted.refused,
    )


def _claim(delivery: UUID) -> Delivery | None:
    with transaction.atomic():
        row = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("case")
            .filter(_is_due(), pk=delivery)
            .first()
        )
        if row is None:
            return None
        row.attempts += 1
        row.lease_until = clock.now() + LEASE
        record_step(row, DeliveryState.TRANSMITTING, "")
        fault.point("delivery.claim.before_commit")
    fault.point("delivery.claim.after_commit")
    return row


def _later(row: Delivery, answer: str) -> Delivery:
    if clock.now() - row.created_at > GIVE_UP_AFTER:
        return _record(row, DeliveryState.FAILED, f"Given up after {row.attempts} attempts. {answer}")
    row.due_at = clock.now() + _pause(row.attempts)
    return _record(row, DeliveryState.QUEUED, answer)


def _pause(attempts: int) -> timedelta:
    """Doubling from 20 seconds to four hours, a quarter of it by chance so that a crowd does not come back at once."""
    seconds = min(FIRST_PAUSE.total_seconds() * 2.0 ** min(attempts - 1, 20), LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.75, 1.0))  # noqa: S311 - spreading, not secrecy


def _record(
    row: Delivery,
    state: DeliveryState,
    answer: str,
    external_id: str = "",
    *,
    refused: Mapping[str, str] | None = None,
) -> Delivery:
    with transaction.atomic():
        locked = Delivery.objects.select_for_update(of=("self",)).select_related("case").get(pk=row.pk)
        if (locked.state, locked.attempts) == (state, row.attempts):
            return locked  # written before: the database went away between the commit and its answer
        locked.due_at = row.due_at
        locked.external_id = external_id or locked.external_id
        record_step(locked, state, answer)
        fail_recipients(locked, refused or {})
        fault.point("delivery.outcome.before_commit")
    fault.point("delivery.outcome.after_commit")
    return locked


def record_step(row: Delivery, state: DeliveryState, answer: str, agent: Agent | None = None) -> None:
    """Gives a locked delivery its next state, writes that into its story and says so."""
    row.state = state
    row.answer = answer.replace("\x00", "")[:2000]
    if state != DeliveryState.TRANSMITTING:
        row.lease_until = None
    row.finished_at = clock.now() if state in _FINAL else None
    row.save(update_fields=["state", "answer", "lease_until", "attempts", "finished_at", "due_at", "external_id"])
    DeliveryStep.objects.create(delivery=row, state=state, answer=row.answer, agent=agent)
    follow_delivery(row)
    bus.publish(
        DeliveryChanged(
            case=row.case_id, queue=row.case.queue_id, delivery=row.pk, message=row.message_id, state=str(state.value)
        )
    )


_FINAL = {DeliveryState.SENT, DeliveryState.DELAYED, DeliveryState.FAILED, DeliveryState.UNKNOWN}


def _is_due() -> Q:
    """Also what lies further ahead than anything is ever put off: a clock that was wrong wrote that."""
    now = clock.now()
    waits = Q(state__in=(DeliveryState.HELD, DeliveryState.QUEUED))
    return waits & (Q(due_at__lte=now) | Q(due_at__gt=now + 2 * LONGEST_PAUSE))


def due_deliveries(limit: int = 200) -> list[UUID]:
    """Deliveries whose hold or pause is over, oldest first."""
    due = Delivery.objects.filter(_is_due()).order_by("due_at")
    return list(due.values_list("pk", flat=True)[:limit])


def settle_interrupted() -> int:
    """Deliveries whose worker died in the middle of transmitting become `unknown`; how many there were.

    A lease further ahead than any can be was written by a clock that was wrong; its holder is gone with that clock.
    """
    now = clock.now()
    with transaction.atomic():
        rows = list(
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("case")
            .filter(state=DeliveryState.TRANSMITTING)
            .filter(Q(lease_until__lt=now) | Q(lease_until=None) | Q(lease_until__gt=now + 2 * LEASE))
        )
        for row in rows:
            record_step(row, DeliveryState.UNKNOWN, "The program was interrupted while transmitting.")
        return len(rows)


def resend(delivery: UUID, agent: Agent) -> Delivery:
    """A person asks for what failed or is unknown to be sent again, to those who have it not yet.

    Raises CannotReply when everybody has it.
    """
    with transaction.atomic():
        row = Delivery.objects.select_for_update(of=("self",)).select_related("case").get(pk=delivery)
        partly = row.state == DeliveryState.SENT and has_failed_recipients(row)
        if row.state not in {DeliveryState.FAILED, DeliveryState.UNKNOWN} and not partly:
            raise CannotReply("Only what failed can be sent again.")
        row.due_at = clock.now()
        record_step(row, DeliveryState.QUEUED, "", agent)
        bus.publish(DeliveryDue(delivery=row.pk, due_at=row.due_at))
        return row
