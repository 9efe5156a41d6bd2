from django.db import models

from agents.enums import PresenceReason, PresenceStatus
from agents.models.agent import Agent
from foundation.rows import Row


class Presence(Row):
    """An interval in which an agent had one status, for a reason; the open one is the agent's status now."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="presences")
    status = models.CharField(max_length=12, choices=PresenceStatus.choices)
    reason = models.CharField(max_length=20, choices=PresenceReason.choices, default=PresenceReason.NONE, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True, help_text="When the agent means to be available again")

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["agent", "-started_at"]),
            models.Index(fields=["started_at", "ended_at"]),
            models.Index(fields=["agent", "ended_at"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agent"], condition=models.Q(ended_at=None), name="presence_one_open"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="presence_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.status}"
