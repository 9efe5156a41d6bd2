from dataclasses import dataclass
from uuid import UUID

from foundation.bus import Event


@dataclass(frozen=True, kw_only=True)
class CustomerCreated(Event):
    """A person was seen for the first time."""

    customer: UUID


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Event):
    """Something on a customer's record changed: the person, an identity or a consent."""

    customer: UUID


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Event):
    """Two customers are one person from now on: `customer`, with all merged into it, belongs to `into`."""

    customer: UUID
    into: UUID
    merge: UUID


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Event):
    """They were two after all: `customer`, with all merged into it, no longer belongs to `into`."""

    customer: UUID
    into: UUID
    merge: UUID


@dataclass(frozen=True, kw_only=True)
class ImportAdvanced(Event):
    """A list of customers has rows to be checked or imported, from row `done` on."""

    customer_import: UUID
    done: int
