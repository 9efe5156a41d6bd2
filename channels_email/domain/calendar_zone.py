"""What a zone's name in a calendar file means: one of the tz database, or what the file itself says of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

_HALVES = re.compile(r"BEGIN:(?:STANDARD|DAYLIGHT)(.*?)END:(?:STANDARD|DAYLIGHT)", re.DOTALL)
_OFFSET = re.compile(r"TZOFFSETTO:([+-])(\d\d)(\d\d)")
_START = re.compile(r"DTSTART[^:\n]*:\d{8}T(\d\d)(\d\d)")
_RULE = re.compile(r"RRULE:([^\r\n]{1,200})")
_DAY = re.compile(r"(-?\d)(MO|TU|WE|TH|FR|SA|SU)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_HALVES = 40


def zone_called(name: str, calendar: str, local: datetime) -> tzinfo | None:
    """The zone of `local`, a moment without one; None when nothing says what `name` means."""
    for candidate in (name, "/".join(name.rsplit("/", 2)[-2:])):
        if candidate in available_timezones():
            return ZoneInfo(candidate)
    at = calendar.find(f"TZID:{name}")
    if at < 0:
        return None
    return _as_described(calendar[at:].partition("END:VTIMEZONE")[0], local)


def _as_described(described: str, local: datetime) -> tzinfo | None:
    """By its halves (RFC 5545 section 3.6.5): the one that began last before `local`."""
    began: list[tuple[datetime, timedelta]] = []
    always: list[timedelta] = []
    for half in _HALVES.findall(described)[:MAX_HALVES]:
        offset = _OFFSET.search(half)
        if offset is None:
            continue
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3])) * (-1 if offset[1] == "-" else 1)
        always.append(shift)
        rule, start = _RULE.search(half), _START.search(half)
        if rule and start:
            days = (_turn(rule[1], year, int(start[1]), int(start[2])) for year in (local.year - 1, local.year))
            began += [(day, shift) for day in days if day is not None and day <= local]
    if began:
        return timezone(max(began)[1])
    return timezone(always[0]) if len(set(always)) == 1 else None


def _turn(rule: str, year: int, hour: int, minute: int) -> datetime | None:
    """When a rule like FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3 comes true in a year."""
    parts = dict(part.split("=", 1) for part in rule.upper().split(";") if "=" in part)
    month, day = parts.get("BYMONTH", ""), _DAY.fullmatch(parts.get("BYDAY", ""))
    if parts.get("FREQ") != "YEARLY" or not month.isdecimal() or not 1 <= int(month) <= 12 or day is None:
        return None
    count, weekday = int(day[1]), _DAYS.index(day[2])
    try:
        if count > 0:
            first = datetime(year, int(month), 1, hour, minute)  # noqa: DTZ001 - on the zone's own clock
            return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))
        after = datetime(year + int(month) // 12, int(month) % 12 + 1, 1, hour, minute)  # noqa: DTZ001 - as above
    except ValueError:
        return None
    last = after - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-count - 1))
