"""What is to be known of how a message came: encrypted, signed, or without a word."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.presenters.bodies import Body
from desktop.presenters.words import Look
from interactions.enums import Direction, Protection
from interactions.models import Attachment, Message

_UNREADABLE = "This mail is encrypted and cannot be read here."
_ENCRYPTED = Look("encrypted", f"{_UNREADABLE} Ask the sender to write without encryption.", "lock")
_ENCRYPTED_FILE = Look(
    "encrypted",
    f"{_UNREADABLE} Download the encrypted part to open it where its key is, or ask the sender to write without "
    "encryption.",
    "lock",
)
_SIGNED = Look("signed", "Signed by the sender's mail program; the signature was not verified.", "shield")
_NO_TEXT = Look("no-text", "This mail has no text.", "info-circle")
_ONLY_FILES = Look("no-text", "This mail has no text, only files.", "info-circle")


def remarks_of(message: Message, body: Body, files: Sequence[Attachment]) -> list[Look]:
    if message.direction != Direction.INBOUND:
        return []
    if message.protection == Protection.ENCRYPTED:
        return [_ENCRYPTED_FILE if files else _ENCRYPTED]
    remarks = [_SIGNED] if message.protection == Protection.SIGNED else []
    if not (body.text.strip() or body.quoted or body.rich or body.frame_url or message.invitation):
        remarks.append(_ONLY_FILES if any(not file.inline for file in files) else _NO_TEXT)
    return remarks
