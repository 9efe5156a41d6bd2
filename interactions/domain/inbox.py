"""The lists of cases an agent works from, with their counts; each reads only what the agent may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agents.domain.access import visible_teams
from agents.models import Agent
from interactions.domain.access import visible_cases, visible_queues
from interactions.domain.search import search_cases
from interactions.domain.timeline import Cursor
from interactions.enums import UNFINISHED, CaseStatus
from interactions.models import Case, Queue, WaitingRecord

COUNT_LIMIT = 1000
PAGE = 30


class Box(StrEnum):
    MINE = "mine"
    QUEUES = "queues"
    TEAMS = "teams"
    ALL = "all"


class Chip(StrEnum):
    UNANSWERED = "unanswered"
    WAITING = "waiting"
    UNOWNED = "unowned"
    FINISHED = "finished"


@dataclass(frozen=True)
class CasePage:
    cases: Sequence[Case]
    older: Cursor | None


def box_cases(agent: Agent, box: Box, *, team: UUID | None = None, member: UUID | None = None) -> QuerySet[Case]:
    """The cases of a box: those the agent owns, the unfinished of its queues, those of its teams' members, or all.

    `team` and `member` narrow the box of the teams, and no other.
    """
    if box == Box.MINE:
        return visible_cases(agent).filter(owner=agent, status__in=UNFINISHED)
    if box == Box.QUEUES:
        own = Queue.objects.filter(members=agent).values("pk")
        return visible_cases(agent).filter(queue__in=own, status__in=UNFINISHED)
    if box == Box.TEAMS:
        return _owned_in_teams(agent, team, member).filter(status__in=UNFINISHED)
    return visible_cases(agent)


def _owned_in_teams(agent: Agent, team: UUID | None, member: UUID | None) -> QuerySet[Case]:
    """Visible cases, finished ones too, that a member of a supervised team owns."""
    teams = visible_teams(agent) if team is None else visible_teams(agent).filter(pk=team)
    members = Agent.objects.filter(teams__in=teams.values("pk"))
    if member is not None:
        members = members.filter(pk=member)
    return visible_cases(agent).filter(owner__in=members.values("pk"))


def _finished_too(agent: Agent, box: Box, team: UUID | None, member: UUID | None) -> QuerySet[Case]:
    if box == Box.MINE:
        return visible_cases(agent).filter(owner=agent)
    if box == Box.TEAMS:
        return _owned_in_teams(agent, team, member)
    return visible_cases(agent)


def narrow(cases: QuerySet[Case], chip: Chip) -> QuerySet[Case]:
    if chip == Chip.UNANSWERED:
        return cases.filter(unanswered_since__isnull=False)
    if chip == Chip.WAITING:
        return cases.filter(Exists(WaitingRecord.objects.filter(case=OuterRef("pk"), ended_at=None)))
    if chip == Chip.UNOWNED:
        return cases.filter(owner=None, status__in=UNFINISHED)
    return cases.filter(status__in=(CaseStatus.RESOLVED, CaseStatus.CLOSED))


def found_cases(
    agent: Agent,
    box: Box,
    *,
    query: str = "",
    chips: Sequence[Chip] = (),
    queue: Queue | None = None,
    team: UUID | None = None,
    member: UUID | None = None,
) -> QuerySet[Case]:
    """The cases of a box as it is narrowed; `team` and `member` narrow the box of the teams, and no other."""
    if Chip.FINISHED in chips:
        cases = _finished_too(agent, box, team, member)
    else:
        cases = box_cases(agent, box, team=team, member=member)
    for chip in chips:
        cases = narrow(cases, chip)
    if queue is not None:
        cases = cases.filter(queue=queue)
    return search_cases(cases, query) if query else cases


def list_cases(agent: Agent, box: Box, *, before: Cursor | None = None, size: int = PAGE, **narrowing: Any) -> CasePage:
    """One page of a box, most recently active first; `narrowing` as for found_cases."""
    cases = found_cases(agent, box, **narrowing)
    if before is not None:
        cases = cases.filter(Q(active_at__lt=before.at) | Q(active_at=before.at, id__lt=before.id))
    rows = list(
        cases.select_related("customer__merged_into", "queue", "owner")
        .prefetch_related("tags")
        .order_by("-active_at", "-id")[: size + 1]
    )
    more = len(rows) > size
    rows = rows[:size]
    return CasePage(rows, Cursor(rows[-1].active_at, rows[-1].id) if more else None)


def count_cases(cases: QuerySet[Case], limit: int = COUNT_LIMIT) -> int:
    """How many there are, counted up to `limit`, so that a count never costs more than a page of a large list."""
    return cases.order_by()[:limit].count()


def box_counts(agent: Agent) -> dict[Box, int]:
    """How many unfinished cases stand in each box; who supervises no team has no box of teams."""
    counts = {
        Box.MINE: count_cases(box_cases(agent, Box.MINE)),
        Box.QUEUES: count_cases(box_cases(agent, Box.QUEUES)),
        Box.ALL: count_cases(visible_cases(agent).filter(status__in=UNFINISHED)),
    }
    if visible_teams(agent).exists():
        counts[Box.TEAMS] = count_cases(box_cases(agent, Box.TEAMS))
    return counts


def cases_in_hand(agent: Agent, owners: Iterable[UUID]) -> dict[UUID, int]:
    """How many unfinished cases each of `owners` has, as far as `agent` may see them; who has none is left out."""
    held = visible_cases(agent).filter(owner__in=list(owners), status__in=UNFINISHED)
    return dict(held.order_by().values_list("owner").annotate(Count("pk")))


def queues_of(agent: Agent) -> list[Queue]:
    return list(visible_queues(agent).select_related("brand").order_by("name"))
