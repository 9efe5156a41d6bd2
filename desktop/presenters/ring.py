"""Rings: until when a customer should have an answer, as a picture that empties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from foundation.calendar.business_time import NeverOpen
from foundation.calendar.models import Calendar
from interactions.models import Case, WaitingRecord

_SAID = ("case_id", "since", "expected_by")


@dataclass(frozen=True)
class Ring:
    """From when to when a target runs; a ring shows what is left of it."""

    since: datetime
    until: datetime


def targets(cases: Sequence[Case]) -> dict[UUID, Ring]:
    """Until when each unanswered case should be answered: as was told the customer, else the queue's stated target."""
    open_ones = [case for case in cases if case.unanswered_since is not None]
    said = WaitingRecord.objects.filter(case__in=[case.pk for case in open_ones]).exclude(expected_by=None)
    told = {case: (since, until) for case, since, until in said.order_by("since").values_list(*_SAID)}
    calendars = Calendar.objects.in_bulk({case.queue.calendar_id for case in open_ones})
    rings: dict[UUID, Ring] = {}
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
