"""When customers write: by season, weekday and hour, as a retailer's incoming mail goes."""

from __future__ import annotations

import random
from bisect import bisect
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

# Share of a week's mail by weekday from Monday, and of a day's by hour: a peak before noon, a lower one after supper.
WEEKDAYS = (1.30, 1.18, 1.10, 1.05, 0.98, 0.52, 0.62)
HOURS = (
    0.6,
    0.3,
    0.2,
    0.15,
    0.2,
    0.5,
    1.4,
    3.2,
    5.6,
    7.6,
    8.4,
    7.8,
    6.2,
    6.6,
    6.9,
    6.4,
    5.6,
    4.8,
    4.6,
    5.2,
    5.8,
    4.9,
    3.2,
    1.6,
)
# By month from January: returns after Christmas, gardens in May, a quiet July, and the peak of November and December.
MONTHS = (1.35, 0.95, 0.95, 1.00, 1.10, 0.95, 0.75, 0.85, 1.00, 1.05, 1.55, 1.85)
ZONE = ZoneInfo("Europe/Stockholm")


FULL = 5.6  # the share of an hour in which customers write at the world's full rate
QUIETEST = 0.2


def liveliness(now: datetime) -> float:
    """How much of the world's rate is written at this hour: all of it by day, between and at night a part of it."""
    return max(QUIETEST, min(1.0, HOURS[now.astimezone(ZONE).hour] / FULL))


def weight(day: date) -> float:
    """How much of a year's mail a day brings, relative to an average day."""
    black_week = 1.3 if day.month == 11 and 22 <= day.day <= 30 else 1.0
    christmas = 0.25 if (day.month, day.day) in {(12, 24), (12, 25), (1, 1)} else 1.0
    return MONTHS[day.month - 1] * WEEKDAYS[day.weekday()] * black_week * christmas


def moments(rng: random.Random, count: int, start: datetime, end: datetime) -> list[datetime]:
    """`count` moments between the two in that rhythm, in order."""
    days = [start.date() + timedelta(days=number) for number in range((end.date() - start.date()).days + 1)]
    totals = list(accumulate(weight(day) for day in days))
    hours = list(accumulate(HOURS))
    found: list[datetime] = []
    while len(found) < count:
        day = days[bisect(totals, rng.random() * totals[-1])]
        hour = bisect(hours, rng.random() * hours[-1])
        local = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZONE)
        if start <= local < end:
            found.append(local.astimezone(start.tzinfo))
    return sorted(found)
