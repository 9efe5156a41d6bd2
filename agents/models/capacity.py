from django.db import models

from agents.models.agent import Agent
from foundation.rows import Row


class Capacity(Row):
    """How many interactions of a channel an agent handles at once. Without a row the channel's default holds."""

    DEFAULTS = {"email": 3, "sms": 3, "chat": 3, "voice": 1}

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="capacities")
    channel = models.CharField(max_length=20)
    limit = models.PositiveSmallIntegerField(help_text="0: none of this channel")

    class Meta:
        verbose_name_plural = "capacities"
        constraints = [models.UniqueConstraint(fields=["agent", "channel"], name="capacity_once_per_channel")]

    def __str__(self) -> str:
        return f"{self.agent}: {self.channel} {self.limit}"
