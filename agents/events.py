from dataclasses import dataclass
from uuid import UUID

from foundation.bus import Event


@dataclass(frozen=True, kw_only=True)
class PresenceChanged(Event):
    """An agent's presence became `status` for `reason`."""

    agent: UUID
    status: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PasswordForgotten(Event):
    """Somebody asked for a way to choose a new password for this account."""

    agent: UUID


@dataclass(frozen=True, kw_only=True)
class AgentChanged(Event):
    """An agent's capacity, skills or teams changed, so that other work may now fit."""

    agent: UUID
