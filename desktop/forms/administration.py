"""What administrators ask of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from channels_email.domain.ledger import Narrowing
from channels_email.enums import Door
from desktop.presenters.administration.mail_in import STATE
from desktop.presenters.words import DELIVERY, Look
from foundation import clock
from interactions.domain.outgoing import Asked

DAYS = 14
LONGEST = 366
LATEST = date(2200, 1, 1)
EARLIEST = date(2000, 1, 1)  # earlier than any ledger; days can be counted back from it


def _choices(words: str, looks: Mapping[Any, Look]) -> list[tuple[str, str]]:
    """Called as the badges are."""
    return [("", words), *((look.value, look.label) for look in looks.values())]


class LedgerForm(forms.Form):
    """Which part of the ledger. What cannot be read is left out rather than refused: it is an address bar."""

    first = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))
    door = forms.ChoiceField(required=False, choices=[("", "Every door"), *Door.choices])
    state = forms.ChoiceField(required=False, choices=_choices("Every state", STATE))
    reason = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    sender = forms.CharField(required=False, max_length=120, label="Sender or recipient")
    before = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def narrowing(self) -> Narrowing:
        """The part that is asked for; the last two weeks where nothing is."""
        self.is_valid()
        data = self.cleaned_data
        today = timezone.localtime(clock.now()).date()
        last = max(min(data.get("last") or today, today), EARLIEST)
        first = data.get("first") or last - timedelta(days=DAYS - 1)
        return Narrowing(
            first=max(min(first, last), last - timedelta(days=LONGEST)),
            last=last,
            zone=timezone.get_current_timezone_name(),
            door=data.get("door") or "",
            state=data.get("state") or "",
            reason=data.get("reason") or "",
            sender=(data.get("sender") or "").replace("\x00", "").strip(),
        )


class OutgoingForm(forms.Form):
    """Which deliveries. What cannot be read is left out rather than refused: it is an address bar."""

    first = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))
    state = forms.ChoiceField(required=False, choices=_choices("Every state", DELIVERY))
    to = forms.CharField(required=False, max_length=320, label="Recipient’s address")
    before = forms.UUIDField(required=False)

    def asked(self) -> Asked:
        """What is asked for, and of all times where no days are."""
        self.is_valid()
        data = self.cleaned_data
        zone = timezone.get_current_timezone()
        first, last = (
            day if day and EARLIEST <= day <= LATEST else None for day in (data.get("first"), data.get("last"))
        )
        return Asked(
            state=data.get("state") or "",
            start=datetime.combine(first, time.min, zone) if first else None,
            end=datetime.combine(last + timedelta(days=1), time.min, zone) if last else None,
            to=(data.get("to") or "").replace("\x00", "").strip(),
        )
