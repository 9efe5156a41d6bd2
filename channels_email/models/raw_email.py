from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.db import connections, models
from django.db.models import Q

from channels_email.enums import Door, RawState
from channels_email.models.mailbox import Mailbox
from foundation import clock
from foundation.rows import Row
from interactions.models import Case, Message

# One statement for a whole portion; Django's bulk_update would build an expression for each field of each row.
SETTLE = """
UPDATE channels_email_rawemail AS raw
SET state = new.state, reason = new.reason, error = new.error, silence = new.silence, attempts = new.attempts,
    retry_at = NULL, message_id = new.message, case_id = new.case_
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::integer[], %s::uuid[], %s::uuid[])
    AS new (id, state, reason, error, silence, attempts, message, case_)
WHERE raw.id = new.id
"""


class RawEmailScope(models.QuerySet["RawEmail"]):
    def settle(self, rows: Sequence[RawEmail]) -> None:
        """Writes down what became of these, as it stands in the objects."""
        columns = zip(
            *(
                (raw.pk, str(raw.state), raw.reason, raw.error, raw.silence, raw.attempts, raw.message_id, raw.case_id)
                for raw in rows
            ),
            strict=True,
        )
        with connections[self.db].cursor() as cursor:
            cursor.execute(SETTLE, [list(column) for column in columns])


class RawEmail(Row):
    """A mail exactly as it arrived, and what became of it: the ledger that accounts for every mail ever received.

    A refused one has no content, only who sent how much. `sender` and `recipients` are the envelope's, where it had
    one. `silence` says why the mail must get no automatic answer, '' when it may.
    """

    door = models.CharField(max_length=8, choices=Door.choices)
    mailbox = models.ForeignKey(Mailbox, models.SET_NULL, null=True, blank=True, related_name="raw_emails")
    uidvalidity = models.BigIntegerField(null=True, blank=True)
    uid = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=400, blank=True, help_text="The sending host, or the file it was read from")
    receipt = models.CharField(max_length=80, null=True, blank=True, help_text="What tells a request sent twice")
    sender = models.CharField(max_length=320, null=True, blank=True)
    recipients = models.JSONField(default=list)
    received_at = models.DateTimeField(default=clock.now)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    content = models.BinaryField()
    state = models.CharField(max_length=12, choices=RawState.choices, default=RawState.RECEIVED)
    reason = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    silence = models.CharField(max_length=60, blank=True)
    let_through = models.BooleanField(default=False, help_text="Somebody has judged that it is no spam")
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="raw_emails")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="raw_emails")

    objects: ClassVar[RawEmailScope] = RawEmailScope.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "raw e-mail"
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uidvalidity", "uid"], name="raw_email_uid_once"),
            models.UniqueConstraint(fields=["door", "receipt"], name="raw_email_receipt_once"),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"]),
            models.Index(fields=["mailbox", "sha256"], condition=Q(door=Door.IMAP), name="raw_email_hash"),
            models.Index(fields=["retry_at"], condition=Q(state=RawState.RECEIVED), name="raw_email_open"),
            models.Index(
                fields=["state", "-received_at"], condition=~Q(state=RawState.MESSAGE), name="raw_email_astray"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.received_at:%Y-%m-%d %H:%M} {self.state}"
