from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from simulator.models import World
from simulator.models.world import BUSIEST


class RateForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable where the program runs
    class Meta:
        model = World
        fields = ("rate",)
        widgets = {"rate": forms.NumberInput(attrs={"type": "range", "min": 0, "max": BUSIEST, "step": 5})}
        labels = {"rate": "New mails in an hour"}


class AddressForm(forms.Form):
    """Whose mailbox is opened: any address, also one that nobody has used yet."""

    address = forms.EmailField(
        max_length=320, label="Address", widget=forms.EmailInput(attrs={"placeholder": "you@home.example"})
    )

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).lower()


def _one_line(text: str) -> None:
    if len(text.splitlines()) > 1:
        raise ValidationError("Write it in one line.")


class MailForm(forms.Form):
    name = forms.CharField(max_length=200, label="Your name", required=False, validators=[_one_line])
    to = forms.EmailField(max_length=320, label="To")
    subject = forms.CharField(max_length=400, label="Subject", validators=[_one_line])
    text = forms.CharField(max_length=50_000, label="Message", widget=forms.Textarea(attrs={"rows": 8}))


class AnswerForm(forms.Form):
    name = forms.CharField(max_length=200, label="Your name", required=False, validators=[_one_line])
    text = forms.CharField(max_length=50_000, label="Answer", widget=forms.Textarea(attrs={"rows": 6}))
