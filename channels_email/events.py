from dataclasses import dataclass
from uuid import UUID

from foundation.bus import Event


@dataclass(frozen=True, kw_only=True)
class RawEmailStored(Event):
    """A mail is in our keeping and waits to be understood."""

    raw: UUID
