from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower

from channels_email.enums import Security, SignIn, SpamFilter
from channels_email.models.encrypted import EncryptedField
from foundation.rows import Row
from interactions.models import Queue

PORT = (MinValueValidator(1), MaxValueValidator(65535))


class MailboxScope(models.QuerySet["Mailbox"]):
    def active(self) -> MailboxScope:
        return self.filter(active=True).order_by("created_at", "pk")

    def fetched(self) -> MailboxScope:
        """Those that are read by IMAP."""
        return self.active().exclude(imap_host="")


class Mailbox(Row):
    """An address of ours: mail to it goes to its queue, and the queue's answers come from it.

    Without IMAP settings mail reaches it through the SMTP listener; without SMTP settings answers leave by the
    installation's outgoing server.
    """

    address = models.EmailField(max_length=320)
    display_name = models.CharField(max_length=120, blank=True, help_text="Empty: the brand's name")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="mailboxes")
    active = models.BooleanField(default=True)
    signed_replies = models.BooleanField(
        default=True, help_text="Whether the server delivers address+anything@ here, so that answers name their case"
    )
    imap_host = models.CharField(max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(default=993, validators=PORT)
    imap_security = models.CharField(max_length=8, choices=Security.choices, default=Security.TLS)
    imap_user = models.CharField(max_length=320, blank=True)
    imap_password = EncryptedField(blank=True, default="")
    imap_folder = models.CharField(max_length=200, default="INBOX")
    smtp_host = models.CharField(max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(default=587, validators=PORT)
    smtp_security = models.CharField(max_length=8, choices=Security.choices, default=Security.STARTTLS)
    smtp_user = models.CharField(max_length=320, blank=True)
    smtp_password = EncryptedField(blank=True, default="")
    sign_in = models.CharField(max_length=10, choices=SignIn.choices, default=SignIn.PASSWORD)
    refresh_token = EncryptedField(blank=True, default="", editable=False)
    access_token = EncryptedField(blank=True, default="", editable=False)
    access_until = models.DateTimeField(null=True, blank=True, editable=False)
    read_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When it was last looked into")
    authentication_host = models.CharField(
        max_length=253,
        blank=True,
        help_text="The name that the server in front writes into Authentication-Results; only its word counts",
    )
    spam_filter = models.CharField(max_length=12, choices=SpamFilter.choices, default=SpamFilter.NONE, blank=True)
    spam_header = models.CharField(max_length=80, blank=True, help_text="For another filter: the field's name")
    spam_value = models.CharField(max_length=120, blank=True, help_text="… and what it begins with on spam")
    trouble = models.CharField(max_length=400, blank=True, editable=False, help_text="Why it cannot be read now")

    objects: ClassVar[MailboxScope] = MailboxScope.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "mailboxes"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                name="mailbox_address_once",
                violation_error_message="There is a mailbox with this address already.",
            )
        ]

    def __str__(self) -> str:
        return self.address

    def save(self, **options: Any) -> None:
        self.address = self.address.strip().lower()
        super().save(**options)


class MailAlias(Row):
    """A further address of a mailbox, whose mail goes to a queue of its own."""

    address = models.EmailField(max_length=320)
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="aliases")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="mail_aliases")

    class Meta:
        verbose_name_plural = "mail aliases"
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                name="mail_alias_address_once",
                violation_error_message="A mailbox has this further address already.",
            )
        ]

    def __str__(self) -> str:
        return self.address

    def save(self, **options: Any) -> None:
        self.address = self.address.strip().lower()
        super().save(**options)


class MailFolder(Row):
    """How far an IMAP folder has been read. UIDs mean something only together with their UIDVALIDITY (RFC 9051)."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="folders")
    name = models.CharField(max_length=200)
    uidvalidity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "name"], name="mail_folder_once")]

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.name}"
