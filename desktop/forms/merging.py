"""What comes from the page on which two customers become one."""

from __future__ import annotations

from django import forms

from customers.domain.merge import CHOOSABLE
from customers.enums import Side


class CompareForm(forms.Form):
    """Whom with whom (`with`), which of them stays (`keep`), from which case one came, or words to find the other."""

    keep = forms.UUIDField(required=False)
    case = forms.UUIDField(required=False)
    q = forms.CharField(required=False, max_length=200)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["with"] = forms.UUIDField(required=False)


class MergeForm(forms.Form):
    """The record that goes into the one of the address, and for each field the side whose value stays."""

    merged = forms.UUIDField()
    case = forms.UUIDField(required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for name in CHOOSABLE:
            self.fields[name] = forms.ChoiceField(choices=Side.choices, required=False)

    @property
    def sides(self) -> dict[str, Side]:
        return {name: Side(self.cleaned_data[name]) for name in CHOOSABLE if self.cleaned_data[name]}
