"""Senders that somebody blocked: their mail is kept in the ledger and goes no further."""

from __future__ import annotations

from channels_email.domain.arrived import Arrived


def ignore(arrived: Arrived) -> str:
    return f"blocked: {arrived.turned_away}"[:200] if arrived.turned_away else ""
