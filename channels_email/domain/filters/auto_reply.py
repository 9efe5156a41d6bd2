"""Answers of responders (RFC 3834). One that answers a mail of ours is shown in its case; others answer nothing."""

from __future__ import annotations

from channels_email.domain.arrived import Arrived
from channels_email.domain.parsed import Kind


def ignore(arrived: Arrived) -> str:
    if arrived.mail.kind != Kind.AUTO_REPLY or arrived.may_be_a_person:
        return ""
    return "" if arrived.thread is not None and arrived.thread.proven else "automatic reply to nothing of ours"
