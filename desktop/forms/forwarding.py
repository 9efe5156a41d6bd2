"""What comes from the page on which a message goes to a third party."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet

from desktop.forms.beginning import begin_in
from desktop.forms.composing import AddressesField
from interactions.models import Attachment


class ForwardForm(forms.Form):
    """`files` are those of the message; all of them go along unless somebody takes one off."""

    draft = forms.UUIDField(widget=forms.HiddenInput)
    first_time = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    to = AddressesField(
        label="To", max_length=5000, error_messages={"required": "Write the address of whom you want to ask."}
    )
    comment = forms.CharField(
        label="What you want from them",
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say what you want of them; they do not know the case."},
    )
    files = forms.ModelMultipleChoiceField(
        Attachment.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: object, *, files: QuerySet[Attachment], initial: dict[str, object]) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.fields["files"].queryset = files  # type: ignore[attr-defined]
        self.fields["to"].widget.attrs.update({"autocomplete": "off", "inputmode": "email"})
        begin_in(self, "to", "comment")
