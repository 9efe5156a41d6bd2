"""Setting a mailbox up."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms

from channels_email.adapter.imap import IMPLICIT_TLS
from channels_email.adapter.oauth import missing
from channels_email.enums import Security, SignIn, SpamFilter
from channels_email.models import MailAlias, Mailbox

_SECRET = {"autocomplete": "new-password", "placeholder": "As it is"}
_FOR_READING = (
    *("active", "address", "sign_in"),
    *(f"imap_{name}" for name in ("host", "port", "security", "user", "password", "folder")),
)

_SPAM_FILTERS = {
    SpamFilter.NONE: "Nothing is held. Marks are not believed, as any sender can write them.",
    SpamFilter.SPAMASSASSIN: "Holds mail with X-Spam-Flag: YES or X-Spam-Status: Yes.",
    SpamFilter.RSPAMD: "Holds mail with X-Spam: Yes, or that Rspamd would reject or mark in X-Spamd-Result.",
    SpamFilter.MICROSOFT: "Holds mail with a spam confidence level of 5 or more, or the verdict SFV:SPM.",
    SpamFilter.OTHER: "Holds mail whose field, named below, begins as you say. Capitals do not matter.",
}


class MailboxForm(forms.ModelForm):
    """Passwords are written and never shown; left empty they stay as they are."""

    class Meta:
        model = Mailbox
        fields: ClassVar = [
            *("address", "display_name", "queue", "active", "signed_replies", "sign_in"),
            *("imap_host", "imap_port", "imap_security", "imap_user", "imap_password", "imap_folder"),
            *("smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password"),
            *("spam_filter", "spam_header", "spam_value"),
        ]
        labels: ClassVar = {
            "display_name": "Name of the sender",
            "active": "In use",
            "signed_replies": "The server delivers address+anything@ here",
            "sign_in": "Sign in with",
            "imap_host": "Server",
            "imap_port": "Port",
            "imap_security": "Protection",
            "imap_user": "User",
            "imap_password": "Password",
            "imap_folder": "Folder",
            "smtp_host": "Server",
            "smtp_port": "Port",
            "smtp_security": "Protection",
            "smtp_user": "User",
            "smtp_password": "Password",
            "spam_filter": "Filter in front",
            "spam_header": "Field",
            "spam_value": "Begins on spam with",
        }
        help_texts: ClassVar = {
            "display_name": "Empty: the brand's name.",
            "signed_replies": "",
            "imap_host": "Empty: mail comes by SMTP, LMTP or a webhook.",
            "imap_user": "Empty: the address.",
            "smtp_host": "Empty: answers leave by the installation's outgoing server.",
            "smtp_user": "Empty: without signing in.",
            "spam_header": "For another filter: the name of the field it writes.",
            "spam_value": "",
        }
        widgets: ClassVar = {
            "imap_password": forms.PasswordInput(attrs=_SECRET),
            "smtp_password": forms.PasswordInput(attrs=_SECRET),
            "spam_filter": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._before = self._for_reading()
        for half in ("imap", "smtp"):
            if not getattr(self.instance, f"{half}_password"):
                self.fields[f"{half}_password"].widget.attrs["placeholder"] = ""
        self._offer_ways_to_sign_in()
        filters = cast(forms.ChoiceField, self.fields["spam_filter"])
        filters.choices = [(filter_.value, filter_.label) for filter_ in _SPAM_FILTERS]
        self.fields["spam_header"].widget.attrs["placeholder"] = "X-Spam-Verdict"
        self.fields["spam_value"].widget.attrs["placeholder"] = "spam"

    def _for_reading(self) -> list[object]:
        return [getattr(self.instance, name) for name in _FOR_READING]

    def _offer_ways_to_sign_in(self) -> None:
        """Those that can work here, and the one that is set."""
        field = cast(forms.ChoiceField, self.fields["sign_in"])
        lacking = {way: missing(way) for way in SignIn}
        field.choices = [(way.value, way.label) for way in SignIn if not lacking[way] or way == self.instance.sign_in]
        field.help_text = " ".join(
            f"For a {way.label} this installation needs {' and '.join(names)}."
            for way, names in lacking.items()
            if names
        )

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip().lower()
        if Mailbox.objects.filter(address__iexact=address).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is a mailbox with this address already.")
        alias = MailAlias.objects.filter(address__iexact=address).select_related("mailbox").first()
        if alias is not None:
            raise forms.ValidationError(f"This is a further address of the mailbox {alias.mailbox.address}.")
        return address

    def clean_imap_password(self) -> str:
        return str(self.cleaned_data["imap_password"] or self.instance.imap_password)

    def clean_smtp_password(self) -> str:
        return str(self.cleaned_data["smtp_password"] or self.instance.smtp_password)

    def spam_filters(self) -> list[tuple[object, str, str]]:
        """Each choice: its input, what it is called, and what it does."""
        inputs = zip(self["spam_filter"], _SPAM_FILTERS.items(), strict=True)
        return [(one.tag(), filter_.label.partition(":")[0], words) for one, (filter_, words) in inputs]

    def clean_sign_in(self) -> str:
        way = str(self.cleaned_data["sign_in"])
        lacking = missing(way)
        if lacking and self.cleaned_data.get("active"):
            raise forms.ValidationError(f"This cannot work before {' and '.join(lacking)} are set; take it out of use.")
        return way

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for half, words in (("imap", "IMAP"), ("smtp", "SMTP")):
            host = str(data.get(f"{half}_host") or "").strip()
            data[f"{half}_host"] = host
            if host and any(sign in host for sign in " /:@"):
                self.add_error(f"{half}_host", "Only the server's name, such as mail.example.com.")
            bare = data.get(f"{half}_security") == Security.NONE and data.get(f"{half}_password")
            if host and bare and host not in {"localhost", "127.0.0.1", "::1"}:
                self.add_error(f"{half}_security", f"The {words} password would travel in clear; protect it.")
        if data.get("imap_port") == IMPLICIT_TLS and data.get("imap_security") == Security.STARTTLS:
            self.add_error("imap_security", "Port 993 is for TLS from the first byte; with STARTTLS it is port 143.")
        named = str(data.get("spam_header") or "").strip() and str(data.get("spam_value") or "").strip()
        if data.get("spam_filter") == SpamFilter.OTHER and not named:
            self.add_error("spam_header", "Another filter needs the name of its field and what that begins with.")
        return data

    def save(self, commit: bool = True) -> Mailbox:
        """What could not be read before is tried afresh with other settings, so what was wrong is no longer said."""
        if self._for_reading() != self._before:
            self.instance.trouble = ""
        return cast(Mailbox, super().save(commit))
