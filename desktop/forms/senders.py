"""Whom mail is not taken from, and the keys with which ours is signed."""

from __future__ import annotations

from typing import Any

from django import forms

from channels_email.domain.block import CannotBlock, may_be_blocked
from channels_email.domain.dkim_signing import new_private_key
from channels_email.models import SigningKey
from channels_email.models.signing_key import DOMAIN, SELECTOR


class BlockForm(forms.Form):
    value = forms.CharField(
        label="Address or @domain",
        max_length=320,
        widget=forms.TextInput(attrs={"placeholder": "@cheap-watches.example", "autocomplete": "off"}),
        error_messages={"required": "Write an address, or @ and a domain."},
    )
    reason = forms.CharField(label="Why", max_length=200, required=False)
    sure = forms.CharField(max_length=320, required=False, widget=forms.HiddenInput)

    def clean_value(self) -> str:
        try:
            return may_be_blocked(self.cleaned_data["value"])
        except CannotBlock as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class _LowerField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return super().to_python(value).lower()


class KeyForm(forms.ModelForm):
    """A new key is made here; its private part is never shown."""

    domain = _LowerField(
        label="Domain",
        max_length=253,
        validators=[DOMAIN],
        widget=forms.TextInput(attrs={"placeholder": "example.org", "autocomplete": "off"}),
        error_messages={"required": "Write the domain that mail is sent from."},
    )
    selector = _LowerField(
        label="Selector",
        max_length=63,
        validators=[SELECTOR],
        widget=forms.TextInput(attrs={"placeholder": "2026", "autocomplete": "off"}),
        error_messages={"required": "Write any short name that no other key of the domain has."},
    )

    class Meta:
        model = SigningKey
        fields = ("domain", "selector")

    def clean_selector(self) -> str:
        domain, selector = self.cleaned_data.get("domain", ""), str(self.cleaned_data["selector"])
        if SigningKey.objects.filter(domain=domain, selector=selector).exists():
            raise forms.ValidationError("The domain has a key with this selector already.")
        return selector

    def save(self, commit: bool = True) -> SigningKey:
        self.instance.private_key = new_private_key()
        return super().save(commit)
