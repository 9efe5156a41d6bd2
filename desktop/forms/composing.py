"""What comes from the composer."""

from __future__ import annotations

from typing import Any

from django import forms

from desktop.domain.typed_addresses import read_addresses
from interactions.domain.recipient_rows import first_time
from interactions.domain.recipients import MOST_RECIPIENTS, Recipients
from interactions.models import AddressLine

ADDRESSES = ("to", "cc", "bcc")
MOST_CHARACTERS = 500_000
FROM_BEFORE = "This page was out of date and is now fresh; send once more."


class AddressesField(forms.CharField):
    """E-mail addresses with commas between them, with or without names. Cleans to a list of address lines."""

    def clean(self, value: Any) -> list[AddressLine]:
        typed = read_addresses(super().clean(value) or "")
        if typed.unread:
            raise forms.ValidationError(f"{typed.unread[0][:80]} is not an e-mail address.")
        if len(typed.lines) > MOST_RECIPIENTS:
            raise forms.ValidationError(f"{len(typed.lines)} recipients are too many; {MOST_RECIPIENTS} fit.")
        return typed.lines


class ReplyForm(forms.Form):
    reply = forms.CharField(required=False, max_length=MOST_CHARACTERS)
    to = AddressesField(required=False, max_length=5000)
    cc = AddressesField(required=False, max_length=5000)
    bcc = AddressesField(required=False, max_length=5000)
    first_time = forms.CharField(required=False, max_length=20_000)
    status = forms.CharField(required=False, max_length=20)
    seen = forms.UUIDField(required=False)
    submission = forms.UUIDField(error_messages={"required": FROM_BEFORE, "invalid": FROM_BEFORE})

    @property
    def recipients(self) -> Recipients:
        return Recipients(to=self.cleaned_data["to"], cc=self.cleaned_data["cc"], bcc=self.cleaned_data["bcc"])

    def unwarned(self, kind: str) -> list[str]:
        """Addresses that nobody has written to before and that the writer was not warned of yet."""
        told = {address.strip().lower() for address in self.cleaned_data["first_time"].split(",")}
        lines = (*self.recipients.to, *self.recipients.cc, *self.recipients.bcc)
        return [address for address in first_time(kind, lines) if address.lower() not in told]

    def mistake(self) -> str:
        """The first mistake as a sentence."""
        return next((str(errors[0]) for errors in self.errors.values()), "")


class NoteForm(forms.Form):
    note = forms.CharField(
        required=False, max_length=MOST_CHARACTERS, error_messages={"max_length": "The note is too long."}
    )
    submission = forms.UUIDField(error_messages={"required": FROM_BEFORE, "invalid": FROM_BEFORE})

    def mistake(self) -> str:
        """The first mistake as a sentence."""
        return next((str(errors[0]) for errors in self.errors.values()), "")


class DraftForm(forms.Form):
    """What is being written. Addresses may be half typed: they are kept as they stand, and those that can be read."""

    html = forms.CharField(required=False, max_length=MOST_CHARACTERS)
    version = forms.IntegerField(min_value=0)
    to = forms.CharField(required=False, max_length=5000)
    cc = forms.CharField(required=False, max_length=5000)
    bcc = forms.CharField(required=False, max_length=5000)

    @property
    def recipients(self) -> Recipients:
        return Recipients(*(read_addresses(self.cleaned_data[name]).lines[:MOST_RECIPIENTS] for name in ADDRESSES))

    @property
    def typed(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ADDRESSES if self.cleaned_data[name]}


class RecipientsForm(forms.Form):
    """The addresses as they stand in the composer now; what is no address yet is left out."""

    to = forms.CharField(required=False, max_length=5000)
    cc = forms.CharField(required=False, max_length=5000)
    bcc = forms.CharField(required=False, max_length=5000)

    @property
    def lines(self) -> list[AddressLine]:
        return [line for name in ADDRESSES for line in read_addresses(self.cleaned_data.get(name) or "").lines]


class UploadForm(forms.Form):
    file = forms.FileField(max_length=255)
    kind = forms.ChoiceField(choices=[("reply", "Reply"), ("note", "Note")])
