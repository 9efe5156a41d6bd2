"""Correcting a customer's record in place: one field, one form."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms

from customers.enums import IdentityKind
from customers.models import Customer, Organisation
from desktop.presenters.customer import FIELD_LABELS, LANGUAGES, REACHABLE
from desktop.presenters.words import CHANNEL


class FieldForm(forms.Form):
    """`value` in the widget that fits the field. Raises KeyError for a field that nobody edits."""

    def __init__(self, name: str, customer: Customer, data: object = None) -> None:
        super().__init__(data, initial={"value": getattr(customer, name)})  # type: ignore[arg-type]
        self.name = name
        field = _field(name)
        field.label = FIELD_LABELS[name]
        field.required = False
        field.widget.attrs["data-first"] = ""
        self.fields["value"] = field


def _field(name: str) -> forms.Field:
    if name == "language":
        return forms.ChoiceField(choices=list(LANGUAGES.items()))
    if name == "time_zone":
        zones = [("", "Not known"), *((zone, zone.replace("_", " ")) for zone in sorted(available_timezones()))]
        return forms.ChoiceField(choices=zones)
    if name == "preferred_channel":
        channels = [(channel.value, CHANNEL[channel].label) for channel in REACHABLE]
        return forms.ChoiceField(choices=[("", "No preference"), *channels])
    if name == "organisation":
        return forms.ModelChoiceField(Organisation.objects.all(), empty_label="None")
    if name == "remarks":
        return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    return forms.CharField(max_length={"name": 200, "given_name": 100}[name])


class IdentityForm(forms.Form):
    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in (IdentityKind.EMAIL, IdentityKind.PHONE)])
    address = forms.CharField(max_length=320, error_messages={"required": "Write the address or number."})


class ConsentForm(forms.Form):
    granted = forms.TypedChoiceField(
        choices=[("yes", "Allowed"), ("no", "Not allowed")], coerce=lambda word: word == "yes"
    )
