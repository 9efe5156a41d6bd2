"""What is asked about a call or a visit that is logged by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from customers.domain.addresses import normalise
from customers.enums import IdentityKind
from customers.errors import AddressUnusable
from desktop.forms.beginning import begin_in
from foundation import clock
from foundation.keys import new_key
from interactions.domain.log import LOGGABLE
from interactions.enums import CaseStatus, ChannelName, Direction, Disposition
from interactions.models import Queue

_CHANNELS = {ChannelName.VOICE: "Phone call", ChannelName.VISIT: "Store visit"}
_STATUSES = (CaseStatus.OPEN, CaseStatus.WAITING_CUSTOMER, CaseStatus.WAITING_INSIDE, CaseStatus.RESOLVED)


class LogForm(forms.Form):
    """Into a case that is there, or (`queues` given) a new one of a person known by `who`, an address or number."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(choices=[(one.value, _CHANNELS[one]) for one in LOGGABLE], widget=forms.RadioSelect)
    direction = forms.ChoiceField(
        choices=[
            (Direction.INBOUND.value, "The customer called or came"),
            (Direction.OUTBOUND.value, "We called or went"),
        ],
        label="Who began",
        widget=forms.RadioSelect,
    )
    started_at = forms.DateTimeField(
        label="When",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Say when it began.", "invalid": "This is not a date and time."},
    )
    minutes = forms.IntegerField(label="Minutes it took", min_value=0, max_value=24 * 60)
    text = forms.CharField(
        label="What was said",
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write what was said."},
    )
    disposition = forms.ChoiceField(
        choices=[("", "Choose what it came to"), *Disposition.choices],
        label="Outcome",
        error_messages={"required": "Choose what it came to."},
    )
    answered = forms.BooleanField(required=False, label="The customer has their answer; nothing of the case waits")
    status = forms.ChoiceField(
        choices=[("", "Leave as it is"), *((one.value, one.label) for one in _STATUSES)],
        required=False,
        label="Then set the case to",
    )
    who = forms.CharField(
        label="Who it was",
        max_length=320,
        help_text="Their e-mail address, or their phone number with + and the country code.",
        error_messages={"required": "Write an address or number of theirs."},
    )
    subject = forms.CharField(max_length=400, error_messages={"required": "A case needs a subject."})

    field_order = ["key", "who", "queue", "subject", "channel", "direction", "started_at", "minutes", "text"]

    def __init__(self, data: object, *, queues: QuerySet[Queue] | None, known: bool) -> None:
        now = timezone.localtime(clock.now())
        initial = {"key": new_key(), "channel": "voice", "direction": "in", "started_at": now, "minutes": 5}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        if known:
            del self.fields["who"]
        if queues is None:
            del self.fields["subject"]
        else:
            self.fields["queue"] = forms.ModelChoiceField(queues, empty_label=None)
            del self.fields["answered"]
        self.order_fields(self.field_order)
        begin_in(self, "who", "subject", "text")

    def clean_started_at(self) -> Any:
        moment = self.cleaned_data["started_at"]
        if moment > clock.now():
            raise forms.ValidationError("It has not happened yet.")
        return moment

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("who"):
            queue = data.get("queue")
            kind = IdentityKind.EMAIL if "@" in data["who"] else IdentityKind.PHONE
            region = queue.calendar.holiday_country or None if queue else None
            try:
                normalise(kind, data["who"], region)
            except AddressUnusable as error:
                self.add_error("who", str(error))
            data["kind"], data["region"] = kind, region
        return data

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data["minutes"])
