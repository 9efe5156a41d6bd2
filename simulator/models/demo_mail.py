from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from foundation import clock
from foundation.rows import Row
from simulator.enums import Folder


class DemoMailScope(models.QuerySet["DemoMail"]):
    def of(self, owner: str) -> DemoMailScope:
        """The mails of one mailbox, latest first."""
        return self.filter(owner=owner.lower()).order_by("-received_at", "-id")

    def to_post(self) -> DemoMailScope:
        """Written, and not handed to the demo's mail server yet; oldest first."""
        return self.filter(folder=Folder.SENT, posted_at=None, refusal="").order_by("received_at", "id")


class DemoMail(Row):
    """A mail in a customer's mailbox: one that the demo sent there, or one that was written there.

    A written one is a row before it is posted; posting it again posts the very same bytes. `answer_at` is when the
    simulated customer means to answer a mail; `considered_at` says that it has made up its mind.
    """

    owner = models.CharField(max_length=320, help_text="Whose mailbox, lower case")
    folder = models.CharField(max_length=8, choices=Folder.choices)
    sender_name = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=320)
    recipient = models.CharField(max_length=320, help_text="The envelope's")
    subject = models.CharField(max_length=400, blank=True)
    snippet = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=400, blank=True)
    raw = models.BinaryField()
    received_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    by_hand = models.BooleanField(default=False, help_text="Written by a person on the mailbox's page")
    answers = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="answered_by")
    posted_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=400, blank=True, help_text="What the demo's mail server said to it")
    considered_at = models.DateTimeField(null=True, blank=True)
    answer_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[DemoMailScope] = DemoMailScope.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-received_at", "-id"]),
            models.Index(fields=["-received_at", "-id"]),
            models.Index(
                fields=["received_at"], condition=Q(folder="sent", posted_at=None, refusal=""), name="demo_mail_to_post"
            ),
            models.Index(fields=["received_at"], condition=Q(folder="inbox", considered_at=None), name="demo_mail_new"),
            models.Index(fields=["answer_at"], condition=~Q(answer_at=None), name="demo_mail_to_answer"),
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id

    @property
    def is_unread(self) -> bool:
        return self.folder == Folder.INBOX and self.seen_at is None
