from django.conf import settings
from django.db import models
from django.db.models import Q

from customers.models import Customer
from foundation import clock
from foundation.rows import Row
from interactions.enums import ChannelName, Direction, Disposition, SegmentOutcome, WaitOutcome
from interactions.models.case import Case
from interactions.models.queue import Queue


class Interaction(Row):
    """One contact: the unit that is queued, handled, counted and forecast."""

    channel = models.CharField(max_length=10, choices=ChannelName.choices)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="interactions")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="interactions")
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, blank=True, related_name="interactions")
    started_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    disposition = models.CharField(max_length=12, choices=Disposition.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-started_at", "-id"]),
            models.Index(fields=["-started_at", "-id"]),
            models.Index(fields=["queue", "channel", "started_at"]),
            models.Index(fields=["case", "started_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.started_at:%Y-%m-%d %H:%M}"


class WaitingRecord(Row):
    """An interaction that waits for an agent: in which queue, with which needs, since when, until when presumably.

    `needs` are the ids of the skills asked for. `named_agent` is asked first (until `named_until`, where that is set).
    """

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="waits")
    case = models.ForeignKey(Case, models.CASCADE, related_name="waits")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="waits")
    channel = models.CharField(max_length=10, choices=ChannelName.choices)
    needs = models.JSONField(default=list)
    priority = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    named_agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    named_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    expected_by = models.DateTimeField(null=True, blank=True)
    expected_from = models.JSONField(null=True, blank=True, help_text="The figures the expectation was computed from")
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=WaitOutcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interaction"], condition=Q(ended_at=None), name="waiting_once"),
        ]
        indexes = [
            models.Index(
                fields=["queue", "channel", "-priority", "since", "id"],
                condition=Q(ended_at=None),
                name="waiting_order",
            ),
            models.Index(fields=["case"], condition=Q(ended_at=None), name="waiting_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} since {self.since:%Y-%m-%d %H:%M}"


class Segment(Row):
    """One agent's handling of one interaction, from the offer to the end; handling times come from it."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="segments")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="segments")
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=10, choices=ChannelName.choices)
    outcome = models.CharField(max_length=10, choices=SegmentOutcome.choices, default=SegmentOutcome.OFFERED)
    offered_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "agent"], condition=Q(ended_at=None), name="segment_one_open_per_agent"
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "channel"], condition=Q(ended_at=None), name="segment_open"),
            models.Index(fields=["queue", "channel", "-ended_at"]),
            models.Index(fields=["agent", "-accepted_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.outcome}"
