"""What somebody is now, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agents.enums import PresenceReason, PresenceStatus
from agents.models import Presence


@dataclass(frozen=True)
class PresenceView:
    """`label` is the reason where there is one, in full."""

    state: str
    label: str
    since: datetime | None


def presence_view(presence: Presence | None) -> PresenceView:
    if presence is None:
        return PresenceView(PresenceStatus.OFFLINE.value, PresenceStatus.OFFLINE.label, None)
    label = PresenceStatus(presence.status).label
    reason = PresenceReason(presence.reason)
    return PresenceView(presence.status, reason.label if reason else label, presence.started_at)
