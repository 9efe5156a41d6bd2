"""What is owed and not yet done: due rows that nobody rang for, rows of dead workers, and dead rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Greatest

from foundation import clock
from foundation.outbox.claim import LONG_LEASE, NEVER
from foundation.outbox.models import OutboxRow
from foundation.registry import QUEUES


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """`waiting` rows of a queue, how long the oldest that is due has waited, and how many were given up."""

    queue: str
    waiting: int
    oldest: timedelta
    dead: int


def due_queues() -> list[str]:
    """The queues that have a row to be worked on now, also one whose worker died and let its lease run out."""
    return [queue for queue in QUEUES if _due().filter(queue=queue).exists()]


def backlog() -> list[Backlog]:
    """How each queue stands."""
    now = clock.now()
    waiting = dict(
        OutboxRow.objects.filter(dead_at=None).values_list("queue").annotate(rows=Count("pk")).order_by("queue")
    )
    oldest = dict(
        _due().values_list("queue").annotate(since=Min(Greatest("run_after", "created_at"))).order_by("queue")
    )
    dead = dict(
        OutboxRow.objects.exclude(dead_at=None).values_list("queue").annotate(rows=Count("pk")).order_by("queue")
    )
    return [
        Backlog(
            queue=queue,
            waiting=waiting.get(queue, 0),
            oldest=now - oldest.get(queue, now),
            dead=dead.get(queue, 0),
        )
        for queue in QUEUES
    ]


def dead_letters() -> QuerySet[OutboxRow]:
    """Rows given up after many attempts, latest first."""
    return OutboxRow.objects.exclude(dead_at=None).order_by("-dead_at")


def revive(keys: Iterable[int] | None = None) -> int:
    """Try the dead rows of these keys, or all, afresh; how many. The relay's poll finds them."""
    rows = dead_letters() if keys is None else dead_letters().filter(pk__in=keys)
    return rows.order_by().update(dead_at=None, attempts=0, run_after=clock.now(), lease=None, leased_until=None)


def owed_keys(receiver: str, keys: Iterable[str]) -> set[str]:
    """Those of these order keys for which the receiver has an open row already."""
    rows = OutboxRow.objects.filter(receiver=receiver, order_key__in=list(keys), dead_at=None)
    return {str(key) for key in rows.values_list("order_key", flat=True)}


def _due() -> QuerySet[OutboxRow]:
    now = clock.now()
    return OutboxRow.objects.filter(
        Q(run_after__lte=now) | Q(run_after__gt=now + NEVER),
        Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * LONG_LEASE),
        dead_at=None,
    ).order_by("pk")
