"""What administrators write about mailboxes, keys and senders, checked before it is kept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms import ModelForm, PasswordInput, Textarea

from channels_email.domain.block import CannotBlock, may_be_blocked
from channels_email.domain.block_reach import reach_of
from channels_email.domain.dkim_signing import KeyUnusable, dns_record, new_private_key
from channels_email.enums import SpamFilter
from channels_email.models import BlockedSender, Mailbox, SigningKey


class MailboxForm(ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """Passwords are written and never shown; left empty they stay as they are."""

    class Meta:
        model = Mailbox
        exclude: ClassVar = []
        widgets: ClassVar = {
            "imap_password": PasswordInput(attrs={"autocomplete": "off"}),
            "smtp_password": PasswordInput(attrs={"autocomplete": "off"}),
        }

    def clean_imap_password(self) -> str:
        return str(self.cleaned_data["imap_password"] or self.instance.imap_password)

    def clean_smtp_password(self) -> str:
        return str(self.cleaned_data["smtp_password"] or self.instance.smtp_password)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = cleaned.get("spam_header") and cleaned.get("spam_value")
        if cleaned.get("spam_filter") == SpamFilter.OTHER and not named:
            self.add_error("spam_header", "Another filter needs the name of its field and what that says on spam.")
        return cleaned


class SigningKeyForm(ModelForm):  # type: ignore[type-arg]
    """The private key is written and never shown; left empty, a new one is made or the old one stays."""

    class Meta:
        model = SigningKey
        exclude: ClassVar = []
        widgets: ClassVar = {"private_key": Textarea(attrs={"autocomplete": "off", "rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["private_key"] = ""

    def clean_private_key(self) -> str:
        key = str(self.cleaned_data["private_key"]).strip() or self.instance.private_key or new_private_key()
        try:
            dns_record(key)
        except KeyUnusable as error:
            raise ValidationError(str(error)) from error
        return key


class BlockedSenderForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = BlockedSender
        fields: ClassVar = ["value", "reason"]

    def clean_value(self) -> str:
        try:
            wanted = may_be_blocked(self.cleaned_data["value"])
        except CannotBlock as refusal:
            raise ValidationError(str(refusal)) from refusal
        reach = reach_of(wanted)
        if reach is not None:
            raise ValidationError(f"{reach.words()} It can be confirmed on the desktop's page of blocked senders.")
        return wanted
