"""When a mail will be answered: the work ahead is worked off, then comes what answers take beyond it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from foundation.calendar.business_time import BusinessTime, NeverOpen
from interactions.domain.work_off import ONE_HOUR, WorkedOff, work_off
from interactions.models import Pace

ENOUGH = 50
"""So many past ones are needed before they say anything about the next one."""


def worked_off(
    pace: Pace, hours: BusinessTime, now: datetime, ahead: int, handling: float | None, *, nobody: bool = False
) -> WorkedOff | None:
    """When the mails `ahead` and then one's own are handled, at this handling time in seconds.

    `nobody`: whatever is usual, in this hour nobody is there. None when the past does not tell.
    """
    if handling is None or pace.sample < ENOUGH or not any(pace.presence):
        return None
    present = _present(pace, hours, now, nobody=nobody)
    own = timedelta(seconds=handling)
    turn = work_off(hours, now, own * ahead, present)
    if turn is None:
        return None
    # One's own handling is done by one agent, as soon as one is there.
    done = work_off(hours, turn.at, own, lambda local: min(present(local), 1.0))
    return WorkedOff(done.at, turn.agents if ahead else done.agents) if done else None


def with_overrun(hours: BusinessTime, done: WorkedOff | None, seconds: float | None) -> datetime | None:
    """The moment of `done`, and what answers take beyond it, in seconds of business time; never sooner than `done`."""
    if done is None:
        return None
    try:
        return hours.add(done.at, timedelta(seconds=max(0.0, seconds or 0.0)))
    except NeverOpen:
        return None


def _present(pace: Pace, hours: BusinessTime, now: datetime, *, nobody: bool) -> Callable[[datetime], float]:
    this_hour = now.astimezone(hours.zone).replace(minute=0, second=0, microsecond=0)

    def present(local: datetime) -> float:
        return 0.0 if nobody and local - this_hour < ONE_HOUR else pace.usually_present(local)

    return present
