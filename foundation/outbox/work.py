"""Work off a queue: claim a portion, run each receiver in its own transaction together with the closing of its row."""

from collections.abc import Callable
from time import monotonic
from uuid import UUID

import structlog
from django.db import transaction

from foundation import fault, registry
from foundation.event import Event, decode
from foundation.keys import new_key
from foundation.outbox import claim
from foundation.outbox.models import OutboxRow
from foundation.registry import Receiver

PORTION = 100
FIRST = 10  # rows that a process takes before it knows better
SLOW_PORTION = 0.5  # seconds; slower than this, a worker takes less at once and leaves more to its colleagues

log = structlog.get_logger(__name__)

_at_once: dict[str, int] = {}  # by queue, how many rows this process takes; learnt from how fast the last ones were


def work(
    queue: str,
    *,
    seconds: float = 10.0,
    more: Callable[[str], object] | None = None,
    failures: list[Exception] | None = None,
) -> int:
    """Handle the queue's due rows until none is left or `seconds` are over; how many were done.

    `more(queue)` is called when there is work for a colleague; failures are appended to `failures`. A receiver that
    fails puts its own row off, never the others. Raises OperationalError or InterfaceError when the database is away:
    the rows stay, and are due again when their lease is over.
    """
    began = monotonic()
    done = 0
    while True:
        if monotonic() - began >= seconds:
            if more is not None:
                more(queue)
            break
        size = _at_once.get(queue, FIRST)
        lease = new_key()
        rows = claim.claim(queue, lease, size)
        if not rows:
            break
        fault.point(f"outbox.claimed_{queue}")
        if more is not None and len(rows) == size:
            more(queue)
        portion = _Portion(rows, lease)
        portion.work()
        done += portion.done
        if failures is not None:
            failures.extend(portion.failures)
        if portion.is_slow():
            _at_once[queue] = max(1, size // 2)
        elif len(rows) == size:
            _at_once[queue] = min(PORTION, size * 2)
    return done


class _Portion:
    """Rows claimed together. A slow one gives back what it has not begun, so that colleagues can take it."""

    def __init__(self, rows: list[OutboxRow], lease: UUID) -> None:
        self.rows = rows
        self.lease = lease
        self.began = monotonic()
        self.done = 0
        self.failures: list[Exception] = []

    def is_slow(self) -> bool:
        return monotonic() - self.began > SLOW_PORTION

    def work(self) -> None:
        """What was tried before comes last and each alone: it may kill this worker too, and then only itself."""
        fresh: dict[str, list[OutboxRow]] = {}
        for row in self.rows:
            if not row.attempts:
                fresh.setdefault(row.receiver, []).append(row)
        again = [(row.receiver, [row]) for row in self.rows if row.attempts]
        for name, rows in (*fresh.items(), *again):
            try:
                receiver = registry.named(name)
            except registry.UnknownReceiver as error:
                for row in rows:
                    self._fail(row, error)
                continue
            if receiver.batch and len(rows) > 1 and self._together(receiver, rows):
                continue
            for row in rows:
                if self.is_slow():
                    claim.release(self.lease)
                    return
                self._alone(receiver, row)

    def _together(self, receiver: Receiver, rows: list[OutboxRow]) -> bool:
        """The whole batch in one transaction. False when it failed and nothing of it remains."""
        try:
            with transaction.atomic():
                ours = claim.close(rows, self.lease)
                receiver([_event(row) for row in ours])
                fault.point(f"{receiver.name}.before_commit")
            fault.point(f"{receiver.name}.after_commit")
        except Exception as error:  # noqa: BLE001 - whatever it was, each event is now tried alone
            log.warning("batch failed", receiver=receiver.name, size=len(rows), error=type(error).__name__)
            return False
        fault.point(f"{receiver.name}.after_commit")
        self.done += len(ours)
        return True

    def _alone(self, receiver: Receiver, row: OutboxRow) -> None:
        with structlog.contextvars.bound_contextvars(work=row.pk):
            self._attempt(receiver, row)

    def _attempt(self, receiver: Receiver, row: OutboxRow) -> None:
        try:
            if receiver.atomic:
                with transaction.atomic():
                    ours = bool(claim.close([row], self.lease))
                    if ours:
                        receiver([_event(row)])
                        fault.point(f"{receiver.name}.before_commit")
                fault.point(f"{receiver.name}.after_commit")
            else:
                ours = claim.extend(row, self.lease)
                if ours:
                    receiver([_event(row)])
                    fault.point(f"{receiver.name}.before_commit")
                    claim.close([row], self.lease)
                    fault.point(f"{receiver.name}.after_commit")
        except Exception as error:  # noqa: BLE001 - a receiver may fail in any way; its row waits and says why
            self._fail(row, error)
        else:
            self.done += ours

    def _fail(self, row: OutboxRow, error: Exception) -> None:
        claim.give_back(row, self.lease, error)
        self.failures.append(error)
        log.warning(
            "receiver failed", receiver=row.receiver, work=row.pk, attempt=row.attempts + 1, error=type(error).__name__
        )


def _event(row: OutboxRow) -> Event:
    return decode(row.event, row.version, row.payload)
