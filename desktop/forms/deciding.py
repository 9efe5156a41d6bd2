"""Small decisions about a case, and about oneself."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.db.models import QuerySet

from agents.enums import Density, PresenceReason, PresenceStatus, Theme
from agents.models import Agent
from interactions.domain.inbox import Box, Chip
from interactions.enums import CaseStatus, Priority
from interactions.models import Queue


class StatusForm(forms.Form):
    status = forms.ChoiceField(choices=CaseStatus.choices)


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int)


class TagForm(forms.Form):
    tag = forms.CharField(max_length=60, error_messages={"required": "Write the tag's name."})


class SubjectForm(forms.Form):
    subject = forms.CharField(max_length=400, error_messages={"required": "A case needs a subject."})


class OwnerForm(forms.Form):
    """`owner` empty: nobody."""

    owner = forms.ModelChoiceField(Agent.objects.none(), required=False)

    def __init__(self, data: object, *, owners: QuerySet[Agent]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]


class QueueForm(forms.Form):
    queue = forms.ModelChoiceField(Queue.objects.none())

    def __init__(self, data: object, *, queues: QuerySet[Queue]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["queue"].queryset = queues  # type: ignore[attr-defined]


class PresenceForm(forms.Form):
    status = forms.ChoiceField(choices=PresenceStatus.choices)
    reason = forms.ChoiceField(choices=PresenceReason.choices, required=False)


class InboxForm(forms.Form):
    """Which list, and how it is narrowed. What cannot be read is left out rather than refused: it is an address bar."""

    box = forms.ChoiceField(choices=[(box.value, box.value) for box in Box], required=False)
    q = forms.CharField(required=False, max_length=200)
    chip = forms.MultipleChoiceField(choices=[(chip.value, chip.value) for chip in Chip], required=False)
    queue = forms.UUIDField(required=False)
    team = forms.UUIDField(required=False)
    member = forms.UUIDField(required=False)
    customer = forms.UUIDField(required=False)
    before = forms.CharField(required=False, max_length=100)
    shown = forms.IntegerField(required=False, min_value=0, max_value=300)


class SettingsForm(forms.ModelForm):
    class Meta:
        model = Agent
        fields = ["name", "job_title", "time_zone", "theme", "density"]
        widgets = {"theme": forms.RadioSelect, "density": forms.RadioSelect}
        labels = {"job_title": "Title"}
        help_texts = {
            "name": "Customers see it as the sender of your answers.",
            "job_title": "Stands under your name in the signature.",
        }

    theme = forms.ChoiceField(choices=Theme.choices, required=False, widget=forms.RadioSelect)
    density = forms.ChoiceField(choices=Density.choices, widget=forms.RadioSelect)
    time_zone = forms.ChoiceField(choices=[(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())])
