from dataclasses import dataclass
from uuid import UUID

from foundation.bus import Event


@dataclass(frozen=True, kw_only=True)
class RawEmailStored(Event):
    """A mail is in our keeping and waits to be understood."""

    raw: UUID


@dataclass(frozen=True, kw_only=True)
class ReprocessingDue(Event):
    """A part of the ledger is to be taken in again, from where the job stands."""

    job: UUID


@dataclass(frozen=True, kw_only=True)
class MailboxTrialRequested(Event):
    """Somebody wants to know whether a mailbox works."""

    trial: UUID


@dataclass(frozen=True, kw_only=True)
class MailboxTrialLookDue(Event):
    """A trial's mail to itself may be in its mailbox now; the `look` is the how manieth, from 0."""

    trial: UUID
    look: int
