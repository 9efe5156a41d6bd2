"""Our own mail that came back, by a forwarding rule or by an address of ours among the recipients."""

from __future__ import annotations

from channels_email.domain.arrived import Arrived
from channels_email.domain.message_ids import read_own
from channels_email.domain.parsed import Kind


def ignore(arrived: Arrived) -> str:
    if read_own(arrived.mail.message_id) is not None or arrived.mail.kind == Kind.LOOP:
        return "our own mail came back"
    return ""
