"""Reports on mail of ours: they belong to the delivery they tell of (see domain.bounced), not into a case."""

from __future__ import annotations

from channels_email.domain.arrived import Arrived
from channels_email.domain.parsed import Kind


def ignore(arrived: Arrived) -> str:
    if arrived.mail.kind != Kind.BOUNCE:
        return ""
    report = arrived.mail.bounce
    if report is not None and report.complaint:
        return "complaint about a mail of ours"
    return "report on a mail of ours"
