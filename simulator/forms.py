from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from simulator.mail.draft import File
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


MOST_FILES = 10
LARGEST = 10 * 1024 * 1024  # bytes of all files together; a mail grows by a third on its way
_TYPE = re.compile(r"(?!message/|multipart/)[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files to go along with a mail. Cleans to a tuple of `File`."""

    def __init__(self) -> None:
        super().__init__(label="Files", required=False, max_length=255, widget=FilesInput)

    def clean(self, data: Any, initial: Any = None) -> tuple[File, ...]:  # type: ignore[override]
        chosen = data if isinstance(data, list) else [data]
        uploads = [upload for one in chosen if (upload := super(FilesField, self).clean(one, initial))]
        if len(uploads) > MOST_FILES or sum(upload.size for upload in uploads) > LARGEST:
            raise ValidationError(f"{MOST_FILES} files of {LARGEST // 1024 // 1024} MB together fit into a mail.")
        return tuple(_file(upload) for upload in uploads)


def _file(upload: UploadedFile) -> File:
    """The name in one line, the type as the browser says it; a type that would be a part of the mail's own is none."""
    name = "".join(letter if letter.isprintable() else "_" for letter in upload.name or "file")
    said = upload.content_type or ""
    return File(name, said if _TYPE.fullmatch(said) else "application/octet-stream", upload.read())


class MailForm(forms.Form):
    name = forms.CharField(max_length=200, label="Your name", required=False, validators=[_one_line])
    to = forms.EmailField(max_length=320, label="To")
    subject = forms.CharField(max_length=400, label="Subject", validators=[_one_line])
    text = forms.CharField(max_length=50_000, label="Message", widget=forms.Textarea(attrs={"rows": 8}))
    files = FilesField()


class AnswerForm(forms.Form):
    name = forms.CharField(max_length=200, label="Your name", required=False, validators=[_one_line])
    text = forms.CharField(max_length=50_000, label="Answer", widget=forms.Textarea(attrs={"rows": 6}))
    files = FilesField()
