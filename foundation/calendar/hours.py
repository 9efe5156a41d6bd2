"""The hours of a stored calendar, read once and kept while the calendar stays unchanged."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID

from foundation.calendar.business_time import BusinessTime, DayHours, Interval

if TYPE_CHECKING:
    from foundation.calendar.models import Calendar

KEPT = 60.0  # seconds; a change elsewhere is seen at once when `updated_at` is read, at the latest after this long
_kept: dict[UUID, tuple[object, float, BusinessTime]] = {}


def of(calendar: Calendar) -> BusinessTime:
    kept = _kept.get(calendar.pk)
    if kept is not None and kept[0] == calendar.updated_at and monotonic() - kept[1] < KEPT:
        return kept[2]
    hours = _read(calendar)
    _kept[calendar.pk] = (calendar.updated_at, monotonic(), hours)
    return hours


def forget(calendar_key: UUID) -> None:
    _kept.pop(calendar_key, None)


def _read(calendar: Calendar) -> BusinessTime:
    week: dict[int, list[Interval]] = {}
    for each in calendar.intervals.all():
        week.setdefault(each.weekday, []).append(Interval(each.starts, each.ends))
    special = {
        day.date: DayHours(
            day.date,
            () if day.closed else tuple(Interval(each.starts, each.ends) for each in day.intervals.all()),
            day.name,
        )
        for day in calendar.special_days.prefetch_related("intervals")
    }
    return BusinessTime(
        zone=calendar.zone,
        week={weekday: tuple(intervals) for weekday, intervals in week.items()},
        special=special,
        country=calendar.holiday_country,
        subdivision=calendar.holiday_subdivision,
    )
