"""One row per (event, receiver): open until the receiver's own transaction deletes it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from foundation import clock


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
