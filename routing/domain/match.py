"""Whose turn it is: who may have a waiting interaction, and who of them has it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

SHORTEST = timedelta(hours=1)
"""Available hours count at least this much: who has just come gets neither everything nor, after one, nothing."""
REST = timedelta(minutes=2)
"""An agent who refused an interaction is not asked about it again sooner, even when nobody else is there."""


NOT_IDLE = datetime.max.replace(tzinfo=UTC)


class Grounds(StrEnum):
    """What decided for an agent."""

    NAMED = "named"
    ONLY = "only"
    FEWEST = "fewest"
    IDLE = "idle"


@dataclass(frozen=True)
class Candidate:
    """An available member of the queue with what it has in hand and room for; `offered`: an offer is before it.

    `received` and `available` are today's; they and `idle_since` matter only of who is free.
    """

    agent: UUID
    load: int
    limit: int
    offered: bool = False
    skills: frozenset[UUID] = frozenset()
    received: int = 0
    available: timedelta = timedelta(0)
    idle_since: datetime = NOT_IDLE
    refused_at: datetime | None = None

    @property
    def is_free(self) -> bool:
        return self.load < self.limit and not self.offered

    @property
    def share(self) -> float:
        """Received per available hour today."""
        return self.received / (max(self.available, SHORTEST) / timedelta(hours=1))


@dataclass(frozen=True)
class Request:
    """What waits: the skills it needs, and who is asked first, or alone until `named_until`."""

    needs: frozenset[UUID] = frozenset()
    named: UUID | None = None
    named_until: datetime | None = None

    def is_held(self, now: datetime) -> bool:
        """Whether it waits for the named agent alone."""
        return self.named is not None and self.named_until is not None and self.named_until > now


@dataclass(frozen=True)
class Choice:
    """The agent whose turn it is, why, and the free agents in their order; `available` also counts those at work."""

    agent: Candidate
    grounds: Grounds
    free: Sequence[Candidate]
    available: int


def choose(request: Request, crew: Sequence[Candidate], now: datetime) -> Choice | None:
    """The agent who gets it, or None when nobody may have it now.

    Fit are those who have every skill needed. Who refused it is left out while others are there, also while those are
    busy. Among the free, the named agent goes first; then who received fewest per available hour today; of equals, who
    has been idle longest.
    """
    fit = [each for each in crew if request.needs <= each.skills]
    if request.is_held(now):
        fit = [each for each in fit if each.agent == request.named]
    pool = [each for each in fit if each.refused_at is None]
    if not pool:
        pool = [each for each in fit if each.refused_at is not None and now - each.refused_at >= REST]
    free = sorted(
        (each for each in pool if each.is_free),
        key=lambda each: (each.agent != request.named, each.share, each.idle_since, each.agent),
    )
    if not free:
        return None
    return Choice(free[0], _grounds(request, free), free, len(fit))


def _grounds(request: Request, free: Sequence[Candidate]) -> Grounds:
    first = free[0]
    if first.agent == request.named:
        return Grounds.NAMED
    if len(free) == 1:
        return Grounds.ONLY
    return Grounds.IDLE if free[1].share == first.share else Grounds.FEWEST
