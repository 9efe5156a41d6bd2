"""Setting a mailbox up."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from channels_email.enums import Security
from channels_email.models import Mailbox

_SECRET = {"autocomplete": "new-password", "placeholder": "As it is"}


class MailboxForm(forms.ModelForm):
    """Passwords are written and never shown; left empty they stay as they are."""

    class Meta:
        model = Mailbox
        fields: ClassVar = [
            *("address", "display_name", "queue", "active", "signed_replies", "sign_in"),
            *("imap_host", "imap_port", "imap_security", "imap_user", "imap_password", "imap_folder"),
            *("smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password"),
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
        }
        help_texts: ClassVar = {
            "display_name": "Empty: the brand's name.",
            "signed_replies": "",
            "imap_host": "Empty: mail comes by SMTP, LMTP or a webhook.",
            "imap_user": "Empty: the address.",
            "smtp_host": "Empty: answers leave by the installation's outgoing server.",
            "smtp_user": "Empty: without signing in.",
        }
        widgets: ClassVar = {
            "imap_password": forms.PasswordInput(attrs=_SECRET),
            "smtp_password": forms.PasswordInput(attrs=_SECRET),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for half in ("imap", "smtp"):
            if not getattr(self.instance, f"{half}_password"):
                self.fields[f"{half}_password"].widget.attrs["placeholder"] = ""

    def clean_imap_password(self) -> str:
        return str(self.cleaned_data["imap_password"] or self.instance.imap_password)

    def clean_smtp_password(self) -> str:
        return str(self.cleaned_data["smtp_password"] or self.instance.smtp_password)

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
        return data
