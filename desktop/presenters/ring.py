"""Rings: until when a customer should have an answer, as a picture that empties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from foundation.calendar.business_time import NeverOpen
from foundation.calendar.models import Calendar
from interactions.enums import ClockKind
from interactions.models import Case, Queue, WaitingRecord

_SAID = ("case_id", "since", "expected_by")
_NOTHING = (None, None)


@dataclass(frozen=True)
class Ring:
    """From when to when a target runs; a ring shows what is left of it. `what` is promised, '' for a mere target."""

    since: datetime
    until: datetime
    what: str = ""


def targets(cases: Sequence[Case]) -> dict[UUID, Ring]:
    """Until when something is due in each case: what a service level promises; without one, until when an unanswered
    case should be answered, as was told the customer, else by the queue's stated target.

    What `with_promise` and `select_related` brought along is not asked for again.
    """
    clocks = _clocks(cases)
    open_ones = [case for case in cases if case.unanswered_since is not None and case.pk not in clocks]
    told = _told(open_ones)
    calendars = _calendars(open_ones)
    rings = clocks
    for case in open_ones:
        if case.unanswered_since is None:
            continue
        since, until = told.get(case.pk, (None, None))
        if since is None or until is None or since < case.unanswered_since:
            target = timedelta(minutes=case.queue.response_target)
            try:
                until = calendars[case.queue.calendar_id].hours().add(case.unanswered_since, target)
            except NeverOpen:
                continue
        rings[case.pk] = Ring(case.unanswered_since, until)
    return rings


def _clocks(cases: Sequence[Case]) -> dict[UUID, Ring]:
    return {
        case.pk: Ring(*case.clock, str(ClockKind(case.clock_kind).label))  # type: ignore[attr-defined]
        for case in cases
        if getattr(case, "clock", None) is not None
    }


def _told(cases: Sequence[Case]) -> dict[UUID, tuple[datetime | None, datetime | None]]:
    known = {case.pk: tuple(case.promised or _NOTHING) for case in cases if hasattr(case, "promised")}
    unknown = [case.pk for case in cases if case.pk not in known]
    if unknown:
        said = WaitingRecord.objects.filter(case__in=unknown).exclude(expected_by=None).order_by("since")
        known |= {case: (since, until) for case, since, until in said.values_list(*_SAID)}
    return known


def _calendars(cases: Sequence[Case]) -> dict[UUID, Calendar]:
    known = {case.queue.calendar_id: case.queue.calendar for case in cases if Queue.calendar.is_cached(case.queue)}
    unknown = {case.queue.calendar_id for case in cases} - known.keys()
    return known | Calendar.objects.in_bulk(unknown) if unknown else known
