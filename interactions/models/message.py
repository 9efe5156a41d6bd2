from __future__ import annotations

from typing import TypedDict

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from customers.models import Customer
from foundation import clock
from foundation.rows import Row
from interactions.enums import (
    ChannelName,
    DeliveryState,
    Direction,
    DraftKind,
    MessageKind,
    Party,
    Protection,
    RecipientRole,
    SenderDoubt,
)
from interactions.models.case import Case
from interactions.models.interaction import Interaction
from interactions.models.queue import Queue


class AddressLine(TypedDict):
    """A recipient as a message shows it."""

    name: str
    address: str


class Message(Row):
    """One utterance: an e-mail's body, a chat line, an internal note.

    `text` is the whole of it, `reply_text` only what is new in it; `html` was sanitised before it was stored.
    `customer` is whose history it belongs to, not necessarily who wrote it. `invitation` is the event that it invites
    to: title, starts, ends, place, organiser, method, repeats, zone (the fields of a channel's CalendarEvent).
    """

    interaction = models.ForeignKey(Interaction, models.CASCADE, null=True, blank=True, related_name="messages")
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="messages")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="messages")
    channel = models.CharField(max_length=10, choices=ChannelName.choices)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    kind = models.CharField(max_length=16, choices=MessageKind.choices, default=MessageKind.MESSAGE)
    party = models.CharField(max_length=12, choices=Party.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    sender_name = models.CharField(max_length=200, blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    reply_text = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    reply_to = models.JSONField(default=list)
    automatic = models.BooleanField(default=False)
    quotes = models.BooleanField(default=False, help_text="Whether the answered message is quoted below")
    sender_verified = models.CharField(max_length=300, blank=True, help_text="The domain that vouches for the sender")
    sender_doubt = models.CharField(max_length=12, choices=SenderDoubt.choices, default=SenderDoubt.NONE, blank=True)
    protection = models.CharField(max_length=10, choices=Protection.choices, default=Protection.NONE, blank=True)
    invitation = models.JSONField(null=True, blank=True)
    answers = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="answered_by")
    forwards = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="forwarded_by")
    external_id = models.CharField(max_length=200, null=True, blank=True)
    occurred_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=Q(direction=Direction.INBOUND),
                name="message_received_once",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-occurred_at", "-id"]),
            models.Index(fields=["customer", "-occurred_at", "-id"]),
            models.Index(fields=["-occurred_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.subject or self.reply_text[:60]


class SearchEntry(models.Model):
    """The words of a message, indexed after it was stored so that intake does not wait for it.

    The one index holds the words and the marks, the spans of time and the queue that an entry lies in (see
    `foundation.spans`), so that a frequent word is read only where it is asked for. The words of all but short messages
    lie beside the row (the table's `toast_tuple_target`): a hit is read without them.
    """

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="search_entry")
    case = models.ForeignKey(Case, models.CASCADE, related_name="search_entries")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_index=False, help_text="The case's")
    at = models.DateTimeField(help_text="When the message was written, never later than it was indexed")
    words = SearchVectorField()

    class Meta:
        verbose_name_plural = "search entries"
        indexes = [
            GinIndex(
                F("words"),
                Func(F("queue"), F("at"), function="interactions_search_marks"),
                name="search_words_marks",
                # What is not yet sorted into the index is read by every search: keep it small.
                fastupdate=True,
                gin_pending_list_limit=256,
            )
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class Draft(Row):
    """What an agent is writing: one per case, agent and kind, saved on the server as they type."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=8, choices=DraftKind.choices)
    html = models.TextField(blank=True)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    typed = models.JSONField(default=dict, help_text="What stands in the fields, as it was typed: text by field")
    quote = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "agent", "kind"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class Attachment(Row):
    """A file of a message, or of a draft until it is sent."""

    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="attachments")
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, blank=True, related_name="attachments")
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120, help_text="Read from the bytes")
    declared_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=80)
    inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=255, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.filename


class Delivery(Row):
    """A message on its way out, from the moment it is written until the other side has it or has refused it."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="delivery")
    case = models.ForeignKey(Case, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=ChannelName.choices)
    state = models.CharField(max_length=12, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, help_text="The other side's last words")
    external_id = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True, help_text="How the case stood before, for taking the answer back")

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["queued", "held", "transmitting"]), name="delivery_due"
            ),
            models.Index(fields=["case", "-created_at"]),
            models.Index(fields=["state", "-id"], name="delivery_story"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class DeliveryRecipient(Row):
    """One address that a delivery goes to, and how far it came there: a copy may be refused while the rest arrives."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="recipients")
    role = models.CharField(max_length=4, choices=RecipientRole.choices)
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=320)
    value = models.CharField(max_length=320, help_text="The address in its normal form")
    state = models.CharField(max_length=12, choices=DeliveryState.choices)
    answer = models.TextField(blank=True, help_text="What was said about this address")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["delivery", "value"], name="recipient_once")]
        indexes = [models.Index(fields=["value"])]

    def __str__(self) -> str:
        return f"{self.address} {self.state}"


class DeliveryStep(Row):
    """A delivery's story: each state it took, when, and the answer that went with it."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12, choices=DeliveryState.choices)
    answer = models.TextField(blank=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.state
