"""The lists of cases an agent works from, with their counts; each reads only what the agent may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

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


def box_cases(agent: Agent, box: Box) -> QuerySet[Case]:
    """The cases of a box: those the agent owns, the unfinished of its queues, or all it may see."""
    if box == Box.MINE:
        return visible_cases(agent).filter(owner=agent, status__in=UNFINISHED)
    if box == Box.QUEUES:
        own = Queue.objects.filter(members=agent).values("pk")
        return visible_cases(agent).filter(queue__in=own, status__in=UNFINISHED)
    return visible_cases(agent)


def narrow(cases: QuerySet[Case], chip: Chip) -> QuerySet[Case]:
    if chip == Chip.UNANSWERED:
        return cases.filter(unanswered_since__isnull=False)
    if chip == Chip.WAITING:
        return cases.filter(Exists(WaitingRecord.objects.filter(case=OuterRef("pk"), ended_at=None)))
    if chip == Chip.UNOWNED:
        return cases.filter(owner=None, status__in=UNFINISHED)
    return cases.filter(status__in=(CaseStatus.RESOLVED, CaseStatus.CLOSED))


def list_cases(
    agent: Agent,
    box: Box,
    *,
    query: str = "",
    chips: Sequence[Chip] = (),
    queue: Queue | None = None,
    before: Cursor | None = None,
    size: int = PAGE,
) -> CasePage:
    """One page of a box, most recently active first."""
    cases = box_cases(agent, box)
    if Chip.FINISHED in chips and box != Box.ALL:
        cases = visible_cases(agent).filter(owner=agent) if box == Box.MINE else visible_cases(agent)
    for chip in chips:
        cases = narrow(cases, chip)
    if queue is not None:
        cases = cases.filter(queue=queue)
    if query:
        cases = search_cases(cases, query)
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
    """How many unfinished cases stand in each box."""
    return {
        Box.MINE: count_cases(box_cases(agent, Box.MINE)),
        Box.QUEUES: count_cases(box_cases(agent, Box.QUEUES)),
        Box.ALL: count_cases(visible_cases(agent).filter(status__in=UNFINISHED)),
    }


def queues_of(agent: Agent) -> list[Queue]:
    return list(visible_queues(agent).select_related("brand").order_by("name"))
