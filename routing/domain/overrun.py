"""How much longer answers took than the work that was ahead of them. What agents do beside mail shows in it, and so
does every habit that no formula knows; a promise that leaves it out is broken more often than kept.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles

from django.db.models import Q

from foundation.calendar.business_time import BusinessTime
from interactions.domain.answer_time import ENOUGH, worked_off
from interactions.models import Pace, Queue, WaitingRecord

TWENTIETHS = 20


@dataclass(frozen=True)
class Waits:
    """When interactions began and ceased to wait, each in order of time."""

    began: Sequence[datetime]
    ended: Sequence[datetime]

    def ahead_at(self, moment: datetime) -> int:
        """How many were waiting just before `moment`."""
        return max(0, bisect_left(self.began, moment) - bisect_right(self.ended, moment))


def waits_since(queue: Queue, channel: str, since: datetime) -> Waits:
    """Of those that waited at any time since."""
    rows = WaitingRecord.objects.filter(Q(ended_at=None) | Q(ended_at__gte=since), queue=queue, channel=channel)
    spans = list(rows.values_list("since", "ended_at"))
    return Waits(sorted(began for began, _ in spans), sorted(ended for _, ended in spans if ended is not None))


def overruns(
    pace: Pace, hours: BusinessTime, answered: Iterable[tuple[datetime, datetime]], waits: Waits
) -> list[float]:
    """For each (began, answered) the seconds of business time beyond its own work and that ahead of it.

    Below zero: sooner. What the pace cannot tell is left out.
    """
    found = []
    for began, ended in answered:
        done = worked_off(pace, hours, began, waits.ahead_at(began), pace.handling_median)
        if done is not None:
            found.append((hours.measure(began, ended) - hours.measure(began, done.at)).total_seconds())
    return found


def shares(overrun: Sequence[float]) -> tuple[float | None, float | None, float | None, float | None]:
    """What a quarter, half, three quarters and four fifths of the answers stayed below; None with too few to tell."""
    if len(overrun) < ENOUGH:
        return None, None, None, None
    cuts = quantiles(overrun, n=TWENTIETHS, method="inclusive")
    return cuts[4], cuts[9], cuts[14], cuts[15]
