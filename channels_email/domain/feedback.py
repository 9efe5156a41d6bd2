"""Feedback reports: a recipient called a mail of ours spam (ARF, RFC 5965), or a filter tells of it (RFC 6591)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels_email.domain.bounce_mentions import ADDRESS
from channels_email.domain.headers import Head, read_head
from channels_email.domain.mime import Part
from channels_email.domain.parsed import Bounce, FailedRecipient

MOST = 500
NO_COMPLAINTS = {"not-spam", "auth-failure", "dkim", "virus"}  # a verdict taken back, and what machines measured
_MICROSOFT = re.compile(r"complaint about message from \S+", re.IGNORECASE)
_HIDDEN = re.compile(r"^(?:redacted|\[?removed\]?|undisclosed)", re.IGNORECASE)


def read_complaint(parts: Sequence[Part], subject: str) -> Bounce | None:
    """The feedback report among these parts; None when there is none."""
    original = next((part.children[0].head for part in parts if part.children), None)
    if original is None:
        quoted = next((part.content for part in parts if part.content_type.endswith("rfc822-headers")), b"")
        original = read_head(quoted.strip() + b"\n\n") if quoted.strip() else None
    report = next((part for part in parts if part.content_type == "message/feedback-report"), None)
    if report is not None:
        fields = read_head(report.content.strip() + b"\n\n")
        kind = fields.text("feedback-type").lower()
        named = [*_named(fields, "original-rcpt-to"), *_named(fields, "removal-recipient")]
        return _bounce(named, original, complaint=kind not in NO_COMPLAINTS)
    if original is not None and _MICROSOFT.match(subject) and original.has("x-hmxmroriginalrecipient"):
        return _bounce(_named(original, "x-hmxmroriginalrecipient"), original, complaint=True)
    return None


def _named(head: Head, name: str) -> list[str]:
    found = [
        one for key, value in head.fields if key == name for one in ADDRESS.findall(value.decode("utf-8", "replace"))
    ]
    return [one for one in found if not _HIDDEN.match(one)]


def _bounce(named: Sequence[str], original: Head | None, *, complaint: bool) -> Bounce:
    recipients = list(dict.fromkeys(named)) or (_named(original, "to")[:MOST] if original else [])
    return Bounce(
        tuple(FailedRecipient(one, "", permanent=True, diagnostic="complaint") for one in recipients),
        original.text("message-id").strip("<> ") if original else "",
        original.text("subject") if original else "",
        complaint=complaint,
        feedback=True,
    )
