from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from foundation.rows import Row
from interactions.models import Case


class BlockedSender(Row):
    """Nothing from this address (`a@b.example`) or domain (`@b.example`) becomes a message: it is kept and ignored."""

    value = models.CharField(max_length=320, unique=True, help_text="An address, or @ and a domain; lower case")
    reason = models.CharField(max_length=200, blank=True)
    blocked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.value

    def save(self, **options: Any) -> None:
        self.value = self.value.strip().lower()
        super().save(**options)
