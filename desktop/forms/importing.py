"""What comes from the pages on which lists of customers are imported."""

from __future__ import annotations

from typing import Any

from django import forms

from customers.domain.importing.encoding import ENCODINGS
from customers.enums import Column
from customers.models import CustomerImport


class ListForm(forms.Form):
    file = forms.FileField(max_length=255, label="CSV file", error_messages={"required": "Choose a file."})


class EncodingForm(forms.Form):
    """The charset that a list is read in."""

    encoding = forms.ChoiceField(
        choices=list(ENCODINGS.items()),
        label="Charset of the file; choose another where letters look wrong",
    )

    def __init__(self, data: object, *, batch: CustomerImport) -> None:
        super().__init__(data, initial={"encoding": batch.encoding})  # type: ignore[arg-type]


class ColumnsForm(forms.Form):
    """What each column means (column_0 …), and how the list is taken."""

    region = forms.RegexField(
        r"^[A-Za-z]{0,2}$",
        required=False,
        max_length=2,
        label="Country of numbers without a country code",
        help_text="Two letters, such as SE. Without it such numbers are refused.",
        error_messages={"invalid": "Two letters, such as SE."},
    )
    verified = forms.BooleanField(required=False, label="The addresses were verified where this file comes from")
    overwrite = forms.BooleanField(required=False, label="What the file says replaces what the records say")

    def __init__(self, data: object, *, batch: CustomerImport) -> None:
        initial = {"region": batch.region, "verified": batch.verified, "overwrite": batch.overwrite}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.width = len(batch.header)
        for place, (name, meaning) in enumerate(zip(batch.header, batch.columns, strict=True)):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                choices=Column.choices, required=False, initial=meaning, label=name or f"Column {place + 1}"
            )

    @property
    def settings(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "columns": [data[f"column_{place}"] for place in range(self.width)],
            "region": data["region"].upper(),
            "verified": data["verified"],
            "overwrite": data["overwrite"],
        }
