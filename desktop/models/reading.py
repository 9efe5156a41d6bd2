from typing import ClassVar

from django.conf import settings
from django.db import models

from foundation import clock
from foundation.rows import Row
from interactions.models import Case


class Reading(Row):
    """Up to when an agent has seen a case; what came later is new to them."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "case"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.case_id}"
