"""Searching within a box: the same boxes and chips as in a list, in the words of the search."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from agents.models import Agent
from foundation.kept_queries import kept_query
from interactions.domain.access import give_queues, queue_scope
from interactions.domain.inbox import PAGE, Box, CasePage, Chip, Narrowing, owners_in_teams, with_surroundings
from interactions.domain.search import Asked, find_cases
from interactions.domain.timeline import Cursor
from interactions.enums import FINISHED, UNFINISHED
from interactions.models import Case, Queue


def search_box(
    agent: Agent,
    box: Box,
    words: str,
    narrowing: Narrowing = Narrowing(),  # noqa: B008 - frozen
    *,
    persons: Sequence[UUID] = (),
    before: Cursor | None = None,
    size: int = PAGE,
    limit: int = 0,
    visible: Sequence[Queue] | None = None,
    colleagues: Sequence[UUID] | None = None,
) -> CasePage:
    """One page of what a box holds of these words (or of these persons), the newest message that has them first.

    They are counted up to `limit`. Counting a frequent word takes many times as long as finding the page.
    `visible` are the agent's `visible_queues` and `colleagues` the members of the teams that are looked at, where
    they were read already.
    """
    asked = _asked(agent, box, words, narrowing, persons, visible, colleagues)
    found = find_cases(asked, before=before, size=size, limit=limit)
    rows = {case.pk: case for case in _rows(bool(visible), cases=tuple(hit.id for hit in found.hits))}
    give_queues(rows.values(), visible or ())
    cases = [rows[hit.id] for hit in found.hits if hit.id in rows]
    older = found.hits[-1].place if found.more else None
    counted = found.count if found.whole or found.count > limit > 0 else None
    return CasePage(cases, older, counted, {hit.id: hit for hit in found.hits})


@kept_query
def _rows(queues_known: bool, *, cases: Sequence[UUID]) -> QuerySet[Case]:
    return with_surroundings(Case.objects.filter(pk__in=cases), queues_known)


def _asked(
    agent: Agent,
    box: Box,
    words: str,
    narrowing: Narrowing,
    persons: Sequence[UUID],
    visible: Sequence[Queue] | None,
    colleagues: Sequence[UUID] | None,
) -> Asked:
    """The same as `inbox.narrowed_box`."""
    queues = queue_scope(agent, visible)
    statuses = None if box == Box.ALL else list(UNFINISHED)
    if Chip.FINISHED in narrowing.chips:
        statuses = list(FINISHED)
    elif box == Box.QUEUES:
        own = Queue.objects.filter(members=agent).values_list("pk", flat=True)
        queues = [queue for queue in own if queues is None or queue in queues]
    if Chip.UNOWNED in narrowing.chips:
        statuses = [status for status in UNFINISHED if statuses is None or status in statuses]
    if narrowing.queue is not None:
        queues = [narrowing.queue.pk] if queues is None or narrowing.queue.pk in queues else []
    return Asked(
        words,
        queues,
        statuses=statuses,
        owners=_owners(agent, box, narrowing, colleagues),
        customers=narrowing.customers or None,
        narrowings=[chip.value for chip in narrowing.chips if chip != Chip.FINISHED],
        persons=persons,
    )


def _owners(agent: Agent, box: Box, narrowing: Narrowing, colleagues: Sequence[UUID] | None) -> Sequence[UUID] | None:
    """Whose cases a box holds; None for anybody's."""
    if box == Box.MINE:
        return [agent.pk]
    if box == Box.TEAMS and colleagues is not None:
        return [one for one in colleagues if narrowing.member in {None, one}]
    if box == Box.TEAMS:
        return list(owners_in_teams(agent, narrowing.team, narrowing.member).values_list("pk", flat=True))
    return None
