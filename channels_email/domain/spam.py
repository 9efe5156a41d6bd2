"""Marks of a spam filter in front of us, and what they hold back. Which fields the filter writes is a setting of the
mailbox; others are not read.
"""

from __future__ import annotations

import re

from channels_email.domain.parsed import ParsedEmail
from channels_email.enums import SpamFilter
from channels_email.models import Mailbox, RawEmail, SpamMail
from interactions.channel import InboundMessage

SHOWN = 2_000  # characters of a held mail that are kept beside its source


def spam_mark(mail: ParsedEmail, mailbox: Mailbox) -> str:
    """What the mailbox's filter says against the mail, as a reason; '' when it says nothing.

    Only the topmost field of a name is read: that is the filter's, what the sender wrote stands below.
    """
    kind = SpamFilter(mailbox.spam_filter)
    if kind == SpamFilter.NONE:
        return ""
    if kind == SpamFilter.OTHER:
        return _field(mail, mailbox.spam_header, re.compile(re.escape(mailbox.spam_value.strip()), re.IGNORECASE))
    return next((said for name, pattern in _FIELDS[kind] if (said := _field(mail, name, pattern))), "")


def held(raw: RawEmail, inbound: InboundMessage) -> SpamMail:
    """What the people of its queue see of a marked mail; to be saved by the caller."""
    return SpamMail(
        raw=raw,
        queue_id=inbound.queue,
        received_at=raw.received_at,
        sender_name=inbound.sender.name[:200],
        sender_address=inbound.sender.address[:320],
        subject=inbound.subject[:400],
        text=(inbound.reply_text or inbound.text)[:SHOWN],
    )


def _field(mail: ParsedEmail, name: str, pattern: re.Pattern[str]) -> str:
    value = mail.header(name).strip()
    if not name or not value or not pattern.match(value):
        return ""
    return f"marked as spam: {name}: {value}"[:200]


_YES = re.compile(r"(?:yes|true)\b", re.IGNORECASE)
_FIELDS = {
    SpamFilter.SPAMASSASSIN: (("X-Spam-Flag", _YES), ("X-Spam-Status", _YES)),
    SpamFilter.RSPAMD: (
        ("X-Spam", _YES),
        ("X-Spam-Flag", _YES),
        ("X-Spamd-Result", re.compile(r"[^:]{1,40}:\s*true\b", re.IGNORECASE)),
        ("X-Rspamd-Action", re.compile(r"reject|add header|rewrite subject", re.IGNORECASE)),
    ),
    SpamFilter.MICROSOFT: (
        ("X-MS-Exchange-Organization-SCL", re.compile(r"[5-9]\b")),
        ("X-Forefront-Antispam-Report", re.compile(r".*\bSFV:SPM\b")),
    ),
}
