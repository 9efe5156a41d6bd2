"""A decision in words, for the agent who sees the offer and the supervisor who asks."""

from __future__ import annotations

from routing.domain.match import Grounds
from routing.models import Offer


def why(offer: Offer) -> str:
    """Why this agent: "2 today in 3.1 h, the fewest of 4 available"."""
    figures = offer.reason
    candidates = figures.get("candidates") or []
    if not candidates:
        return ""
    mine, available = candidates[0], int(figures.get("available", 1))
    turn = f"{mine['received']} today in {mine['hours']:.1f} h"
    grounds = figures.get("grounds")
    if grounds == Grounds.NAMED:
        return figures.get("why_named") or "asked for by name"
    if available == 1:
        return f"{turn}, the only one available"
    if grounds == Grounds.ONLY:
        return f"{turn}, the only one free of {available} available"
    if grounds == Grounds.IDLE:
        return (
            f"{turn}, no more than anybody of {available} available, and idle longest ({_span(mine['idle_seconds'])})"
        )
    return f"{turn}, the fewest of {available} available"


def _span(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    return f"{seconds / 3600:.1f} h"
