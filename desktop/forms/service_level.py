"""What is promised about cases."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from desktop.forms.minutes import MinutesField
from routing.models import SlaPolicy


class ServiceLevelForm(forms.ModelForm):
    first_response = MinutesField(
        label="First answer within", help_text="Of opening hours: 30 min, 4 h, 2 d (of eight hours)."
    )
    next_response = MinutesField(label="Further answers within")
    resolution = MinutesField(label="Solved within", help_text="While it is the customer's turn, no time passes.")

    class Meta:
        model = SlaPolicy
        fields: ClassVar = [
            *("name", "active", "position", "queues", "least_priority", "key_accounts_only"),
            *("first_response", "next_response", "resolution", "warn_percent"),
            *("raise_on_warning", "raise_on_breach", "escalate_to"),
        ]
        labels: ClassVar = {
            "active": "In use",
            "position": "Place in the order",
            "queues": "Queues",
            "least_priority": "Priority at least",
            "key_accounts_only": "Only for key accounts",
            "warn_percent": "Warn after (% of the time)",
            "raise_on_warning": "Soon late: raise the priority by one",
            "raise_on_breach": "Late: make it urgent",
            "escalate_to": "Late: move it to",
        }
        help_texts: ClassVar = {
            "position": "Of several that fit a case, the smallest number holds.",
            "queues": "None chosen: every queue.",
            "escalate_to": "Empty: it stays where it is.",
        }
        widgets: ClassVar = {"queues": forms.CheckboxSelectMultiple()}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        target, queues = cleaned.get("escalate_to"), list(cleaned.get("queues") or [])
        if target is not None and queues == [target]:
            self.add_error("escalate_to", "It is there already: choose another queue, or none.")
        return cleaned
