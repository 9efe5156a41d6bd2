from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from foundation.rows import Row
from interactions.enums import ClockKind, Priority
from interactions.models import Case, Queue


class SlaPolicyScope(models.QuerySet["SlaPolicy"]):
    def in_order(self) -> SlaPolicyScope:
        """Those in use; of several that fit a case, the first one holds."""
        return self.filter(active=True).order_by("position", "created_at")


class SlaPolicy(Row):
    """What is promised about cases, in minutes of the queue's calendar, and what follows when it becomes late."""

    name = models.CharField(max_length=100, unique=True)
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=100, help_text="Of several that fit, the smallest holds")
    queues = models.ManyToManyField(Queue, blank=True, related_name="+", help_text="None: every queue")
    least_priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.LOW)
    key_accounts_only = models.BooleanField(default=False)
    first_response = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    next_response = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    resolution = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    warn_percent = models.PositiveSmallIntegerField(
        default=80, validators=[MinValueValidator(10), MaxValueValidator(99)], help_text="Of the time, before a warning"
    )
    raise_on_warning = models.BooleanField(
        default=True, help_text="Raise the priority by one when it will soon be late"
    )
    raise_on_breach = models.BooleanField(default=True, help_text="To urgent, when it is late")
    escalate_to = models.ForeignKey(
        Queue, models.PROTECT, null=True, blank=True, related_name="+", help_text="Where late cases move"
    )

    objects: ClassVar[SlaPolicyScope] = SlaPolicyScope.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "service level"
        ordering = ["position", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_response__gt=0) | Q(next_response__gt=0) | Q(resolution__gt=0),
                name="sla_policy_promises_something",
            ),
            models.CheckConstraint(
                condition=Q(warn_percent__gte=10, warn_percent__lte=99), name="sla_policy_warns_before"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not self.targets():
            raise ValidationError("Say a time for at least one of the three: nothing is promised otherwise.")

    def targets(self) -> dict[ClockKind, timedelta]:
        minutes = {
            ClockKind.FIRST_RESPONSE: self.first_response,
            ClockKind.NEXT_RESPONSE: self.next_response,
            ClockKind.RESOLUTION: self.resolution,
        }
        return {kind: timedelta(minutes=value) for kind, value in minutes.items() if value}

    def fits(self, case: Case, queues: frozenset[object], *, key_account: bool) -> bool:
        """Whether it speaks of such a case; `queues` are the policy's own, none for all."""
        if queues and case.queue_id not in queues:
            return False
        return case.priority >= self.least_priority and (key_account or not self.key_accounts_only)
