"""What administrators ask of the ledger."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from channels_email.domain.ledger import Narrowing
from channels_email.enums import Door, RawState
from foundation import clock
from interactions.enums import DeliveryState

DAYS = 14
LONGEST = 366
EARLIEST = date(2000, 1, 1)  # earlier than any ledger; days can be counted back from it


def _choices(words: str, choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", words), *choices]


class LedgerForm(forms.Form):
    """Which part of the ledger. What cannot be read is left out rather than refused: it is an address bar."""

    first = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))
    door = forms.ChoiceField(required=False, choices=_choices("Every door", Door.choices))
    state = forms.ChoiceField(required=False, choices=_choices("Every state", RawState.choices))
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
    state = forms.ChoiceField(required=False, choices=_choices("Every state", DeliveryState.choices))
    before = forms.UUIDField(required=False)
