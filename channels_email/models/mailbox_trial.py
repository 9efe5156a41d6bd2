from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from channels_email.models.mailbox import Mailbox
from foundation.rows import Row


class MailboxTrialScope(models.QuerySet["MailboxTrial"]):
    def open(self) -> MailboxTrialScope:
        return self.filter(finished_at=None)


class MailboxTrial(Row):
    """One try of everything a mailbox needs, step by step, so that people see what works and what is wrong.

    `steps` is a list of {title, state, words, advice}; state is ok, failed, skipped or running. From `sent_at` on it
    waits for its mail to itself; `looks` counts how often the mailbox was looked into for it.
    """

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="trials")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    steps = models.JSONField(default=list)
    probe = models.CharField(max_length=400, blank=True, help_text="The mark of the mail sent to itself")
    sent_at = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveSmallIntegerField(default=0)
    returned_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[MailboxTrialScope] = MailboxTrialScope.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox"], condition=Q(finished_at=None), name="mailbox_trial_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.created_at:%Y-%m-%d %H:%M}"
