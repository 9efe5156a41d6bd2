from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from foundation.calendar.models import Calendar
from foundation.rows import Row
from interactions.enums import ClockKind, ClockOutcome
from interactions.models.case import Case


class SlaClockScope(models.QuerySet["SlaClock"]):
    def running(self) -> SlaClockScope:
        """Not ended; it may be paused."""
        return self.filter(ended_at=None)


class SlaClock(Row):
    """A promise about a case on its way: so much business time from `started_at`, without what it was paused.

    `warn_at` and `due_at` are reckoned by `domain.sla_reckoning`; None while it is paused.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="sla_clocks")
    kind = models.CharField(max_length=20, choices=ClockKind.choices)
    policy = models.UUIDField(help_text="Whose promise it is; policies belong to routing")
    policy_name = models.CharField(max_length=100)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    target = models.DurationField(help_text="Business time")
    warn_after = models.DurationField(help_text="Business time")
    started_at = models.DateTimeField()
    paused_since = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reckoned_at = models.DateTimeField(help_text="The calendar's state that the times were reckoned with")
    warned_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=ClockOutcome.choices, blank=True)

    objects: ClassVar[SlaClockScope] = SlaClockScope.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(ended_at=None), name="one_running_clock_of_a_kind"
            )
        ]
        indexes = [
            models.Index(
                fields=["warn_at"],
                condition=Q(ended_at=None, warned_at=None, warn_at__isnull=False),
                name="sla_clock_to_warn",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(ended_at=None, breached_at=None, due_at__isnull=False),
                name="sla_clock_to_breach",
            ),
            models.Index(fields=["calendar"], condition=Q(ended_at=None), name="sla_clock_calendar"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_kind_display()} by {self.due_at}"
