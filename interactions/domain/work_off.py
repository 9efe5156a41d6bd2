"""When a backlog is worked off: the business moment at which so many agents have done so much work. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from foundation.calendar.business_time import BusinessTime, NeverOpen

ONE_HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
MOST_BARREN = timedelta(hours=168)
"""After so many opening hours in which usually nobody is present, the work is held for never done."""
MOST_HOURS = 5000
"""A backlog of more opening hours than this is none that anybody could promise an end of."""


@dataclass(frozen=True)
class WorkedOff:
    """The moment the work is done, and how many agents were at it on average until then."""

    at: datetime
    agents: float


def work_off(
    hours: BusinessTime, start: datetime, work: timedelta, present: Callable[[datetime], float]
) -> WorkedOff | None:
    """Walks the opening hours from `start`, hour by hour of the local clock, until `work` (agent time) is done.

    `present(local)` is how many agents are there in the hour of this local time. None when it never ends.
    """
    left, at_work, barren = work, timedelta(0), timedelta(0)
    try:
        moment = hours.next_open(start)
        if not left:
            return WorkedOff(moment, present(moment.astimezone(hours.zone)))
        for _ in range(MOST_HOURS):
            closes = hours.next_close(moment)
            ends = _next_full_hour(moment, hours) if closes is None else min(_next_full_hour(moment, hours), closes)
            agents = present(moment.astimezone(hours.zone))
            if agents > 0:
                if left <= (ends - moment) * agents:
                    at_work += left / agents
                    return WorkedOff(moment + left / agents, work / at_work)
                left -= (ends - moment) * agents
                at_work += ends - moment
            else:
                barren += ends - moment
                if barren > MOST_BARREN:
                    return None
            moment = hours.next_open(ends)
    except NeverOpen:
        return None
    return None


def to_next_quarter(moment: datetime) -> datetime:
    """Rounded up to the next quarter of an hour; a promise is never rounded down."""
    over = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (QUARTER - over) if over else moment


def _next_full_hour(moment: datetime, hours: BusinessTime) -> datetime:
    local = moment.astimezone(hours.zone)
    into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return moment.astimezone(UTC) + (ONE_HOUR - into)
