from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from foundation import clock
from foundation.rows import Row
from interactions.enums import ChannelName
from interactions.models.queue import Queue

HOURS_OF_WEEK = 168


def check_week(presence: list[float]) -> None:
    if presence and len(presence) != HOURS_OF_WEEK:
        raise ValidationError("A week has 168 hours.")


class Pace(Row):
    """How fast a queue works off a channel, from its last weeks; written by routing, read for every expectation.

    `presence` holds how many agents usually are available in each hour of the week (0 is Monday, midnight to one) by
    the clock of the queue's calendar. `usual` is the usual response time in seconds of business time. What the answers
    took beyond the work that was ahead of them is their overrun; it is below zero where they came sooner.
    """

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="paces")
    channel = models.CharField(max_length=10, choices=ChannelName.choices)
    computed_at = models.DateTimeField(default=clock.now)
    sample = models.PositiveIntegerField(default=0, help_text="How many handled interactions this rests on")
    handling_lower = models.FloatField(null=True, blank=True, help_text="Seconds; a quarter takes less")
    handling_median = models.FloatField(null=True, blank=True, help_text="Seconds")
    handling_upper = models.FloatField(null=True, blank=True, help_text="Seconds; a quarter takes longer")
    overrun_lower = models.FloatField(null=True, blank=True, help_text="Seconds; a quarter of the answers overran less")
    overrun_median = models.FloatField(null=True, blank=True, help_text="Seconds")
    overrun_upper = models.FloatField(null=True, blank=True, help_text="Seconds; a quarter of the answers overran more")
    overrun_promise = models.FloatField(null=True, blank=True, help_text="Seconds; a fifth of the answers overran more")
    usual = models.FloatField(null=True, blank=True, help_text="Seconds of business time to the first answer")
    presence = ArrayField(models.FloatField(), default=list, blank=True, validators=[check_week])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "channel"], name="pace_once")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.channel}"

    def usually_present(self, local: datetime) -> float:
        """How many agents usually are available at this local time of the week."""
        if not self.presence:
            return 0.0
        return float(self.presence[local.weekday() * 24 + local.hour])
