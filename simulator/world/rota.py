"""Who works when: the shifts of the staff, the same for the past that is loaded and for the day that is played."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from agents.enums import PresenceReason, PresenceStatus
from simulator.world.rhythm import ZONE


@dataclass(frozen=True)
class Shift:
    """From `starts` for `hours` on these weekdays (0 is Monday), with a break of half an hour about the middle."""

    starts: time
    hours: float
    weekdays: frozenset[int]


SHIFTS = {
    "early": Shift(time(6, 45), 8.5, frozenset(range(5))),
    "middle": Shift(time(9, 0), 8.5, frozenset(range(5))),
    "late": Shift(time(13, 0), 8.25, frozenset({0, 1, 2, 3, 4})),
    "weekend": Shift(time(9, 0), 9.25, frozenset({3, 4, 5, 6})),
    "office": Shift(time(8, 0), 9.0, frozenset(range(5))),
    "night": Shift(time(20, 30), 10.5, frozenset(range(7))),
}


@dataclass(frozen=True)
class Interval:
    """A stretch of an agent's day with one status."""

    status: PresenceStatus
    reason: PresenceReason
    starts: datetime
    ends: datetime


@lru_cache(maxsize=50_000)
def span_of(agent: UUID, shift: str, day: date) -> tuple[datetime, datetime] | None:
    """From when to when an agent works that begins on that day, breaks included; None on a day off.

    Nobody starts on the minute; who is late or ill is decided by agent and day, the same each time it is asked.
    """
    plan, chance = SHIFTS[shift], _chance(agent, day)
    if day.weekday() not in plan.weekdays or chance(0) < 0.06:  # ill or on holiday
        return None
    begin = datetime.combine(day, plan.starts, ZONE).astimezone(UTC) + timedelta(minutes=round(10 * chance(1) - 4))
    return begin, begin + timedelta(hours=plan.hours)


def day_of(agent: UUID, shift: str, day: date) -> list[Interval]:
    """An agent's working day: available, breaks, lunch, now and then a meeting; [] on a day off."""
    span = span_of(agent, shift, day)
    if span is None:
        return []
    begin, end = span
    chance = _chance(agent, day)
    pauses = [
        (0.25 + 0.06 * chance(2), 15, PresenceReason.BREAK),
        (0.48 + 0.08 * chance(3), 30, PresenceReason.LUNCH),
        (0.78 + 0.06 * chance(4), 12, PresenceReason.BREAK),
    ]
    if chance(5) < 0.2:
        pauses.insert(2, (0.66, 30, PresenceReason.MEETING))
    intervals = []
    at = begin
    for share, minutes, reason in pauses:
        away = begin + (end - begin) * share
        intervals.append(Interval(PresenceStatus.AVAILABLE, PresenceReason.NONE, at, away))
        at = away + timedelta(minutes=minutes)
        intervals.append(Interval(PresenceStatus.AWAY, reason, away, at))
    intervals.append(Interval(PresenceStatus.AVAILABLE, PresenceReason.NONE, at, end))
    return intervals


def interval_at(agent: UUID, shift: str, at: datetime) -> Interval | None:
    """What the agent does at that moment by the rota; None when off duty."""
    today = at.astimezone(ZONE).date()
    for day in (today, today - timedelta(days=1)):
        for interval in day_of(agent, shift, day):
            if interval.starts <= at < interval.ends:
                return interval
    return None


def _chance(agent: UUID, day: date) -> Callable[[int], float]:
    """Numbers from 0 to 1 by their place, always the same for this agent on this day."""
    digest = hashlib.sha256(f"{agent}{day.isoformat()}".encode()).digest()
    return lambda place: digest[place] / 256
