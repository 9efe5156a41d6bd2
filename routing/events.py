from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from foundation.bus import Event


@dataclass(frozen=True, kw_only=True)
class Offered(Event):
    """A waiting interaction was put before an agent until `expires_at`."""

    offer: UUID
    agent: UUID
    case: UUID
    queue: UUID
    interaction: UUID
    channel: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class OfferEnded(Event):
    """An offer was accepted, declined, not answered in time, or withdrawn."""

    offer: UUID
    agent: UUID
    case: UUID
    queue: UUID
    channel: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class PoliciesChanged(Event):
    """What is promised about cases is something else now; cases up to `after` follow it already."""

    after: UUID | None
