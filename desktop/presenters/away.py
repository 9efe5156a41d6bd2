"""What an agent is told who was set away and did not choose to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from agents.enums import PresenceReason, PresenceStatus
from agents.models import Agent, Presence
from routing.domain.answer import TOLERATED

_NUMBERS = {1: "an offer", 2: "two offers", 3: "three offers"}
_UNASKED: dict[str, str] = {
    PresenceReason.NOT_RESPONDING: f"{_NUMBERS.get(TOLERATED, f'{TOLERATED} offers')} went unanswered",
    PresenceReason.CONNECTION_LOST: "the connection to your browser was lost",
}


@dataclass(frozen=True)
class AwayNotice:
    """`since` is None while there is nothing to say; `because` ends the sentence "You were set away because"."""

    since: datetime | None
    because: str
    streams: str
    url: str


def away_notice(agent: Agent, presence: Presence | None) -> AwayNotice:
    """`presence` is the agent's present one."""
    reason = presence.reason if presence is not None and presence.status == PresenceStatus.AWAY else ""
    because = _UNASKED.get(reason, "")
    return AwayNotice(
        since=presence.started_at if presence and because else None,
        because=because,
        streams=f"agent.{agent.pk}",
        url=reverse("desktop:away"),
    )
