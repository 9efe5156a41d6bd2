"""Signs of life of processes that nobody asks anything: each says now and then that it still turns."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from foundation import clock


class Heartbeat(models.Model):
    """When a process last said that it lives. Several of one kind share a row: one alive is enough."""

    part = models.CharField(max_length=60, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part} at {self.beat_at:%Y-%m-%d %H:%M:%S}"


def beat(part: str) -> None:
    """Says that the part lives. Raises when the database is away."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=part, beat_at=clock.now())],
        update_conflicts=True,
        unique_fields=["part"],
        update_fields=["beat_at"],
    )


def last_beat(part: str) -> datetime | None:
    """When the part last said that it lives; None: never."""
    return Heartbeat.objects.filter(part=part).values_list("beat_at", flat=True).first()
