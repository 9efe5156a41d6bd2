from django.conf import settings
from django.db import models

from channels_email.models.mailbox import Mailbox
from foundation.rows import Row


class MailboxTrial(Row):
    """One try of everything a mailbox needs, step by step, so that people see what works and what is wrong.

    `steps` is a list of {title, state, words, advice}; state is ok, failed, skipped or running.
    """

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="trials")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    steps = models.JSONField(default=list)
    probe = models.CharField(max_length=60, blank=True, help_text="The mark of the mail sent to itself")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.created_at:%Y-%m-%d %H:%M}"
