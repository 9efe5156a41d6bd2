from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from channels_email.models.raw_email import RawEmail
from foundation import clock
from foundation.rows import Row
from interactions.models import Queue


class SpamMailScope(models.QuerySet["SpamMail"]):
    def held(self) -> SpamMailScope:
        """Those that nobody has let through."""
        return self.filter(let_through_at=None)


class SpamMail(Row):
    """A mail that was marked as spam, as the people of the queue that it was for see it: who wrote what, as text alone.

    `queue` is None where no mailbox is in use that it could belong to. Who let it through when stays written down;
    `let_through_by` is None where all mails of a part of the ledger were processed again.
    """

    raw = models.OneToOneField(RawEmail, models.CASCADE, related_name="spam")
    queue = models.ForeignKey(Queue, models.CASCADE, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(default=clock.now)
    sender_name = models.CharField(max_length=200, blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True, help_text="The beginning of what it says")
    let_through_at = models.DateTimeField(null=True, blank=True)
    let_through_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[SpamMailScope] = SpamMailScope.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["queue", "-received_at", "-id"], condition=Q(let_through_at=None), name="spam_held")
        ]

    def __str__(self) -> str:
        return f"{self.sender_address}: {self.subject}"
