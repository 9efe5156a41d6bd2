from django.conf import settings
from django.db import models

from foundation.rows import Row


class Reprocessing(Row):
    """All mails of a part of the ledger taken in again, one portion after the other; the row says how far it is.

    `asked` is the narrowing (domain.ledger) as text, `became` counts what the mails are now by state.
    """

    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked = models.JSONField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    became = models.JSONField(default=dict)
    reached_at = models.DateTimeField(null=True, blank=True)
    reached = models.UUIDField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.done} of {self.total}"
