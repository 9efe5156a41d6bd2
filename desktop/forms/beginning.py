"""Where a page of one form begins: whoever opened it types at once."""

from __future__ import annotations

from django import forms


def begin_in(form: forms.Form, *names: str) -> None:
    """Lets the first of these fields that the form has and that is still empty have the keyboard."""
    for name in names:
        field = form.fields.get(name)
        if field is None:
            continue
        if not (form.data.get(name) if form.is_bound else form.get_initial_for_field(field, name)):
            field.widget.attrs["autofocus"] = True
            return
