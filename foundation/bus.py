"""The event bus: an app says what happened, and apps above it say what follows. See docs/decisions/0001-outbox.md.

`publish` stands in the transaction of the change itself. Receivers with `@within` run at once in that transaction;
receivers with `@after` get a row each in the outbox and run later, at least once, in a worker.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction

from foundation import registry
from foundation.event import Event, encode, name_of
from foundation.insert import insert, insert_before
from foundation.outbox import work
from foundation.outbox.models import OutboxRow, Owed, owing
from foundation.registry import Receiver

__all__ = [
    "Event",
    "NotInTransaction",
    "after",
    "drain",
    "publish",
    "publish_all",
    "publish_at",
    "publish_with",
    "within",
]

Function = TypeVar("Function", bound=Callable[..., object])


class NotInTransaction(RuntimeError):
    """An event was published outside the transaction of the change it tells of."""


def within(*event_types: type[Event]) -> Callable[[Function], Function]:
    """Receive in the publisher's transaction: `receiver(event)`. A failure undoes both."""

    def register(function: Function) -> Function:
        registry.add_within(event_types, function)
        return function

    return register


def after(
    *event_types: type[Event],
    queue: str = "live",
    order_by: Callable[[Any], str] | None = None,
    batch: bool = False,
    atomic: bool = True,
) -> Callable[[Function], Function]:
    """Receive after commit, at least once, retried with growing pauses: `receiver(event)`.

    Its row is closed in the receiver's own transaction, so what it writes to the database happens once.
    `queue` is live, mail or bulk. Events with the same `order_by(event)` are handled one after the other, oldest
    first. `batch=True` hands over a list of events in one transaction; when one fails, each is tried alone.
    `atomic=False` is for acts outside the database (SMTP, HTTP): the receiver makes its own transactions, must bear
    being called again when it died before its end, and has three minutes before a colleague takes its row for lost.
    """

    def register(function: Function) -> Function:
        name = f"{function.__module__}.{function.__qualname__}"
        receiver = Receiver(name=name, function=function, queue=queue, order_by=order_by, batch=batch, atomic=atomic)
        registry.add_after(event_types, receiver)
        return function

    return register


def publish(event: Event) -> None:
    """Tell what happened, inside the transaction in which it happened. Raises NotInTransaction outside of one."""
    publish_all([event])


def publish_all(events: Iterable[Event]) -> None:
    """Tell of several things that happened, in their order: as `publish`, with the rows of all in one statement."""
    owed: list[Owed] = []
    for event in events:
        if not transaction.get_connection().in_atomic_block:
            raise NotInTransaction(f"{type(event).__qualname__} must be published inside transaction.atomic()")
        payload = encode(event)
        for function in registry.within_of(type(event)):
            function(event)
        owed += _owed(event, payload, registry.after_of(type(event)))
    OutboxRow.objects.owe(owed)


def publish_at(moment: datetime, event: Event) -> None:
    """Tell its receivers after commit, but not before `moment`, at most an hour from now; nobody waits meanwhile.

    Raises NotInTransaction outside of one, ValueError where somebody receives within the transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"{type(event).__qualname__} must be published inside transaction.atomic()")
    if registry.within_of(type(event)):
        raise ValueError(f"{type(event).__qualname__} is received at once and cannot be put off")
    later = _owed(event, encode(event), registry.after_of(type(event)))
    OutboxRow.objects.owe([replace(owed, run_after=moment) for owed in later])


def publish_with(rows: Sequence[models.Model], event: Event) -> None:
    """Write new rows (see `foundation.insert`) and tell of them, for doors at which each comes by itself.

    Where no transaction is open and nobody receives within it, both are one statement that is its own transaction:
    the database is asked once instead of four times.
    """
    later = registry.after_of(type(event))
    if transaction.get_connection().in_atomic_block or registry.within_of(type(event)) or not later:
        with transaction.atomic():
            insert(rows)
            publish(event)
        return
    statement, values = owing(_owed(event, encode(event), later))
    insert_before(rows, statement, values)


def drain(*, raising: bool = True) -> int:
    """For tests: work off every open row that is due, in this process; how many were done.

    A receiver's failure is recorded as in production; the first one is raised at the end unless `raising` is False.
    """
    done = 0
    failures: list[Exception] = []
    while True:
        worked = sum(work.work(queue, failures=failures) for queue in registry.QUEUES)
        if not worked:
            break
        done += worked
    if failures and raising:
        raise failures[0]
    return done


def _owed(event: Event, payload: dict[str, Any], receivers: Sequence[Receiver]) -> list[Owed]:
    return [
        Owed(
            event=name_of(type(event)),
            version=event.version,
            payload=payload,
            receiver=receiver.name,
            queue=receiver.queue,
            order_key=receiver.order_by(event) if receiver.order_by else None,
        )
        for receiver in receivers
    ]
