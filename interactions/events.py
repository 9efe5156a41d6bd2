from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from foundation.bus import Event


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Something happened to a case."""

    case: UUID
    queue: UUID


@dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseEvent):
    """A case began with a customer's message or an agent's."""

    customer: UUID


@dataclass(frozen=True, kw_only=True)
class MessageReceived(CaseEvent):
    """A customer's (or a stranger's) message was added to a case."""

    interaction: UUID
    message: UUID
    customer: UUID | None
    channel: str
    party: str
    automatic: bool
    opened: bool
    reopened: bool


@dataclass(frozen=True, kw_only=True)
class MessageWritten(CaseEvent):
    """An answer or note was written; answers have a delivery on its way."""

    interaction: UUID | None
    message: UUID
    kind: str
    channel: str
    agent: UUID | None


@dataclass(frozen=True, kw_only=True)
class DeliveryDue(Event):
    """A delivery waits to be transmitted, at once or at `due_at`."""

    delivery: UUID
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class DeliveryChanged(CaseEvent):
    """A delivery's state changed."""

    delivery: UUID
    message: UUID
    state: str


@dataclass(frozen=True, kw_only=True)
class WaitingStarted(CaseEvent):
    """An interaction began to wait for an agent."""

    waiting: UUID
    interaction: UUID
    channel: str


@dataclass(frozen=True, kw_only=True)
class Waiting(CaseEvent):
    """It is known how long a waiting interaction will presumably wait."""

    waiting: UUID
    interaction: UUID
    channel: str
    expected_by: datetime | None


@dataclass(frozen=True, kw_only=True)
class WaitingEnded(CaseEvent):
    """An interaction waits no longer."""

    waiting: UUID
    interaction: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class HandlingEnded(Event):
    """An agent finished an interaction and has room for another."""

    agent: UUID
    interaction: UUID
    channel: str


@dataclass(frozen=True, kw_only=True)
class Assigned(CaseEvent):
    """A case has an owner now, or (agent None) none any more. `previous` is the owner before."""

    agent: UUID | None
    previous: UUID | None


@dataclass(frozen=True, kw_only=True)
class StatusChanged(CaseEvent):
    """A case's status changed, by an agent or (None) by what happened."""

    status: str
    previous: str
    agent: UUID | None


@dataclass(frozen=True, kw_only=True)
class CaseChanged(CaseEvent):
    """Another fact about a case changed: priority, tags, queue, subject."""

    change: str
    agent: UUID | None


@dataclass(frozen=True, kw_only=True)
class ClocksChanged(CaseEvent):
    """What is due in a case, or when, is different now."""


@dataclass(frozen=True, kw_only=True)
class SlaWarned(CaseEvent):
    """What was promised about a case will soon be late."""

    clock: UUID
    kind: str
    policy: UUID


@dataclass(frozen=True, kw_only=True)
class SlaBreached(CaseEvent):
    """What was promised about a case is late."""

    clock: UUID
    kind: str
    policy: UUID


@dataclass(frozen=True, kw_only=True)
class DraftSaved(CaseEvent):
    """An agent is writing in a case."""

    agent: UUID
