"""The lists of cases an agent works from, with their counts; each reads only what the agent may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from agents.domain.access import visible_teams
from agents.domain.known_by_rights import known_by_rights
from agents.enums import Permission
from agents.models import Agent
from foundation.kept_queries import kept_query
from interactions.domain.access import give_queues, visible_cases, visible_queues, with_promise
from interactions.domain.search import Hit
from interactions.domain.timeline import Cursor
from interactions.enums import UNFINISHED, CaseStatus
from interactions.models import Case, Queue, WaitingRecord

COUNT_LIMIT = 1000
PAGE = 20


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
    """Cases, newest first; `older` is where the next page begins (None: there is none).

    When words were looked for, `count` is how many there are where that was found out (see `search.Found`), and `hits`
    are, by case, its newest matching message and when that was written, which is also their order.
    """

    cases: Sequence[Case]
    older: Cursor | None
    count: int | None = None
    hits: Mapping[UUID, Hit] = field(default_factory=dict)


@dataclass(frozen=True)
class Narrowing:
    """What of a box is wanted: by chips, of one queue, of one customer (with everybody merged into them).

    `team` and `member` narrow the box of the teams, and no other.
    """

    chips: Sequence[Chip] = ()
    queue: Queue | None = None
    customers: Sequence[UUID] = ()
    team: UUID | None = None
    member: UUID | None = None


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
    return visible_cases(agent).filter(owner__in=owners_in_teams(agent, team, member).values("pk"))


def owners_in_teams(agent: Agent, team: UUID | None, member: UUID | None) -> QuerySet[Agent]:
    """The members of the teams that the agent supervises, of one of these, or one of them."""
    teams = visible_teams(agent) if team is None else visible_teams(agent).filter(pk=team)
    members = Agent.objects.filter(teams__in=teams.values("pk"))
    return members if member is None else members.filter(pk=member)


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


def narrowed_box(agent: Agent, box: Box, narrowing: Narrowing) -> QuerySet[Case]:
    """The box as far as it is wanted. Finished cases are among those of an agent or of all, whatever the box."""
    if Chip.FINISHED in narrowing.chips:
        cases = _finished_too(agent, box, narrowing.team, narrowing.member)
    else:
        cases = box_cases(agent, box, team=narrowing.team, member=narrowing.member)
    for chip in narrowing.chips:
        cases = narrow(cases, chip)
    if narrowing.queue is not None:
        cases = cases.filter(queue=narrowing.queue)
    return cases.filter(customer__in=narrowing.customers) if narrowing.customers else cases


def list_cases(
    agent: Agent,
    box: Box,
    narrowing: Narrowing = Narrowing(),
    *,
    before: Cursor | None = None,
    size: int = PAGE,
    visible: Sequence[Queue] = (),
) -> CasePage:
    """One page of a box, most recently active first; `visible` are `queues_of` the agent, where they were read."""
    values = {
        "agent": agent.pk,
        "queue": narrowing.queue and narrowing.queue.pk,
        "customers": tuple(narrowing.customers),
        "team": narrowing.team,
        "member": narrowing.member,
        "at": before and before.at,
        "key": before and before.id,
    }
    given = {name: value for name, value in values.items() if value}
    rows = _rows(agent.permissions, box, tuple(narrowing.chips), bool(visible), size + 1, **given)
    more = len(rows) > size
    rows = rows[:size]
    give_queues(rows, visible)
    return CasePage(rows, Cursor(rows[-1].active_at, rows[-1].id) if more else None)


@kept_query
def _rows(
    rights: frozenset[str],
    box: Box,
    chips: Sequence[Chip],
    queues_known: bool,
    size: int,
    *,
    agent: UUID,
    queue: UUID | None = None,
    customers: Sequence[UUID] = (),
    team: UUID | None = None,
    member: UUID | None = None,
    at: datetime | None = None,
    key: UUID | None = None,
) -> QuerySet[Case]:
    narrowing = Narrowing(chips, Queue(pk=queue) if queue else None, customers, team, member)
    cases = narrowed_box(known_by_rights(agent, rights), box, narrowing)
    if at is not None:
        cases = cases.filter(Q(active_at__lt=at) | Q(active_at=at, id__lt=key))
    return with_surroundings(cases, queues_known).order_by("-active_at", "-id")[:size]


def with_surroundings(cases: QuerySet[Case], queues_known: bool) -> QuerySet[Case]:
    """With what a line of a list shows besides; without the queues, where they are known and given afterwards."""
    joined = () if queues_known else ("queue__calendar",)
    return with_promise(cases).select_related("customer__merged_into", "owner", *joined)


def count_cases(cases: QuerySet[Case], limit: int = COUNT_LIMIT) -> int:
    """How many there are, counted up to `limit`, so that a count never costs more than a page of a large list."""
    return cases.order_by()[:limit].count()


@dataclass(frozen=True)
class Counting:
    """The counts of boxes as columns of a statement, which may ask for more besides."""

    boxes: Sequence[Box]
    columns: Sequence[str]
    values: Sequence[Any]

    def read(self, row: Sequence[Any]) -> dict[Box, int]:
        """The counts from these columns of the answer."""
        found = dict(zip(self.boxes, row, strict=False))
        if Box.TEAMS in found and not row[-1]:
            del found[Box.TEAMS]
        return found


def box_counts(agent: Agent, boxes: Sequence[Box] = tuple(Box)) -> dict[Box, int]:
    """How many unfinished cases stand in each of these boxes, counted up to COUNT_LIMIT, in one query.

    Who supervises no team has no box of teams.
    """
    counting = counting_boxes(agent, boxes)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counting.columns)}", counting.values)
        return counting.read(cursor.fetchone())


def counting_boxes(agent: Agent, boxes: Sequence[Box]) -> Counting:
    """What `box_counts` asks."""
    boxes = [box for box in boxes if box != Box.TEAMS or agent.may(Permission.SUPERVISE_TEAMS)]
    capped = [_unfinished(agent, box).order_by().values("pk")[:COUNT_LIMIT].query.sql_with_params() for box in boxes]
    counts = [f"(SELECT count(*) FROM ({sql}) AS one)" for sql, _ in capped]  # noqa: S608 - the ORM's own
    values = [value for _, of_one in capped for value in of_one]
    if Box.TEAMS in boxes:
        sql, of_teams = visible_teams(agent).order_by().values("pk").query.sql_with_params()
        counts.append(f"EXISTS ({sql})")
        values += of_teams
    return Counting(boxes, counts, values)


def _unfinished(agent: Agent, box: Box) -> QuerySet[Case]:
    return box_cases(agent, box) if box != Box.ALL else visible_cases(agent).filter(status__in=UNFINISHED)


def cases_in_hand(agent: Agent) -> Coalesce:
    """Of an agent among others, how many unfinished cases they have, as far as `agent` may see them, as a column."""
    held = visible_cases(agent).filter(owner=OuterRef("pk"), status__in=UNFINISHED)
    return Coalesce(Subquery(held.order_by().values("owner").annotate(many=Count("pk")).values("many")), 0)


def queues_of(agent: Agent) -> list[Queue]:
    """The queues whose cases the agent may see, with brand and calendar: read once for a page, and passed along."""
    return _queues(agent.permissions, agent=agent.pk)


@kept_query
def _queues(rights: frozenset[str], *, agent: UUID) -> QuerySet[Queue]:
    return visible_queues(known_by_rights(agent, rights)).select_related("brand", "calendar").order_by("name")
