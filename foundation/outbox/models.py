"""One row per (event, receiver): open until the receiver's own transaction deletes it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import connections, models
from django.db.models import Q

from foundation import clock

# Every change that anybody follows passes here: one statement, and no object for a row that nobody looks at.
OWE = """
INSERT INTO foundation_outbox
    (created_at, event, version, payload, receiver, queue, order_key, run_after, attempts, error)
VALUES
"""
OWED = "(%s, %s, %s, %s, %s, %s, %s, %s, 0, '')"


AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)  # also for a worker whose clock is behind ours


@dataclass(frozen=True, kw_only=True)
class Owed:
    """Work for one receiver. `payload` is what `event.encode` gives."""

    event: str
    version: int
    payload: dict[str, Any]
    receiver: str
    queue: str
    order_key: str | None
    run_after: datetime = AT_ONCE


def owing(rows: Sequence[Owed]) -> tuple[str, list[str | int | datetime | None]]:
    """The statement that writes the rows, in their order, and its values."""
    now = clock.now()
    values: list[str | int | datetime | None] = []
    for row in rows:
        payload = json.dumps(row.payload)
        values += (now, row.event, row.version, payload, row.receiver, row.queue, row.order_key, row.run_after)
    return OWE + ", ".join([OWED] * len(rows)), values


class OutboxScope(models.QuerySet["OutboxRow"]):
    def owe(self, rows: Sequence[Owed]) -> None:
        """Writes the rows, in their order."""
        if not rows:
            return
        with connections[self.db].cursor() as cursor:
            cursor.execute(*owing(rows))


class OutboxRow(models.Model):
    """Work that is owed. `id` is a sequence, so that rows of one key, written one after the other, sort that way."""

    id = models.BigAutoField(primary_key=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    event = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField(default=1)
    payload = models.JSONField()
    receiver = models.CharField(max_length=200)
    queue = models.CharField(max_length=20)
    order_key = models.CharField(max_length=200, null=True)
    run_after = models.DateTimeField(default=clock.now)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")
    dead_at = models.DateTimeField(null=True)

    objects: ClassVar[OutboxScope] = OutboxScope.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "foundation_outbox"
        indexes: ClassVar = [
            models.Index(fields=["queue", "id"], name="outbox_open", condition=Q(dead_at=None)),
            models.Index(
                fields=["receiver", "order_key", "id"],
                name="outbox_order",
                condition=Q(dead_at=None, order_key__isnull=False),
            ),
            models.Index(fields=["dead_at"], name="outbox_dead", condition=Q(dead_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.event} for {self.receiver}"
