"""Work off a queue: claim a portion, run each receiver in its own transaction together with the closing of its row."""

from time import monotonic
from uuid import UUID

import structlog
from django.db import transaction

from foundation import registry
from foundation.event import Event, decode
from foundation.keys import new_key
from foundation.outbox import claim
from foundation.outbox.models import OutboxRow
from foundation.registry import Receiver

PORTION = 100
SLOW_PORTION = 0.5  # seconds; slower than this, a worker takes less at once and leaves more to its colleagues

log = structlog.get_logger(__name__)


def work(queue: str, *, seconds: float = 10.0, failures: list[Exception] | None = None) -> int:
    """Handle the queue's due rows until none is left or `seconds` are over; how many were done.

    A receiver that fails puts its own row off, never the others. Raises OperationalError or InterfaceError when the
    database is away: the rows stay, and are due again when their lease is over.
    """
    began = monotonic()
    done = 0
    size = 10
    while monotonic() - began < seconds:
        lease = new_key()
        rows = claim.claim(queue, lease, size)
        if not rows:
            break
        portion_began = monotonic()
        failed = _work_portion(rows, lease)
        done += len(rows) - len(failed)
        if failures is not None:
            failures.extend(failed)
        slow = monotonic() - portion_began > SLOW_PORTION
        size = max(1, size // 2) if slow else min(PORTION, size * 2)
    return done


def _work_portion(rows: list[OutboxRow], lease: UUID) -> list[Exception]:
    failures: list[Exception] = []
    batches: dict[str, list[OutboxRow]] = {}
    for row in rows:
        batches.setdefault(row.receiver, []).append(row)
    for name, batch in batches.items():
        try:
            receiver = registry.named(name)
        except registry.UnknownReceiver as error:
            for row in batch:
                _fail(row, lease, error, failures)
            continue
        if receiver.batch and len(batch) > 1 and _together(receiver, batch, lease):
            continue
        for row in batch:
            _alone(receiver, row, lease, failures)
    return failures


def _together(receiver: Receiver, rows: list[OutboxRow], lease: UUID) -> bool:
    """The whole batch in one transaction. False when it failed and nothing of it remains."""
    try:
        with transaction.atomic():
            receiver([_event(row) for row in claim.close(rows, lease)])
    except Exception as error:  # noqa: BLE001 - whatever it was, each event is now tried alone
        log.warning("batch failed", receiver=receiver.name, size=len(rows), error=type(error).__name__)
        return False
    return True


def _alone(receiver: Receiver, row: OutboxRow, lease: UUID, failures: list[Exception]) -> None:
    try:
        if receiver.atomic:
            with transaction.atomic():
                if claim.close([row], lease):
                    receiver([_event(row)])
        elif claim.extend(row, lease):
            receiver([_event(row)])
            claim.close([row], lease)
    except Exception as error:  # noqa: BLE001 - a receiver may fail in any way; its row waits and says why
        _fail(row, lease, error, failures)


def _fail(row: OutboxRow, lease: UUID, error: Exception, failures: list[Exception]) -> None:
    claim.give_back(row, lease, error)
    failures.append(error)
    log.warning(
        "receiver failed", receiver=row.receiver, row=row.pk, attempt=row.attempts + 1, error=type(error).__name__
    )


def _event(row: OutboxRow) -> Event:
    return decode(row.event, row.version, row.payload)
