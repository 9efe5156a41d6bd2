from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation import clock
from foundation.rows import Row
from interactions.enums import ChannelName
from interactions.models import Case, Interaction, Queue, WaitingRecord
from routing.enums import RECEIVED, OfferOutcome


class OfferScope(models.QuerySet["Offer"]):
    def open(self) -> OfferScope:
        return self.filter(outcome=OfferOutcome.OPEN)

    def of_agent(self, agent: UUID) -> OfferScope:
        return self.filter(agent=agent)


class Offer(Row):
    """A waiting interaction put before one agent for some seconds, with the decision's reason in figures.

    At most one is open per waiting record and per case, and per agent and channel one at a time.
    """

    waiting = models.ForeignKey(WaitingRecord, models.CASCADE, related_name="offers")
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="offers")
    case = models.ForeignKey(Case, models.CASCADE, related_name="offers")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=ChannelName.choices)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="offers")
    offered_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=OfferOutcome.choices, default=OfferOutcome.OPEN)
    declined_because = models.CharField(max_length=200, blank=True)
    reason = models.JSONField(default=dict, help_text="Why this agent: the figures the decision was made with")

    objects: ClassVar[OfferScope] = OfferScope.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-offered_at"]
        constraints = [
            models.UniqueConstraint(fields=["waiting"], condition=Q(outcome="open"), name="offer_open_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(outcome="open"), name="offer_open_once_per_case"),
            models.UniqueConstraint(
                fields=["agent", "channel"], condition=Q(outcome="open"), name="offer_open_once_per_agent"
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", answered_at=None) | (~Q(outcome="open") & Q(answered_at__isnull=False)),
                name="offer_open_or_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "offered_at"], condition=Q(outcome__in=RECEIVED), name="offer_received"),
            models.Index(fields=["agent", "-offered_at"]),
            models.Index(fields=["expires_at"], condition=Q(outcome="open"), name="offer_runs_out"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.agent_id}: {self.outcome}"

    @property
    def is_open(self) -> bool:
        return self.outcome == OfferOutcome.OPEN
