"""The event that a mail invites to (iCalendar, RFC 5545; iTIP, RFC 5546): what, when, where and by whom."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from channels_email.domain.calendar_text import ESCAPED, FIELD, MAX_LENGTH, NAMED
from channels_email.domain.calendar_zone import zone_called
from channels_email.domain.parsed import CalendarEvent

MAX_WORDS = 300
_MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?$")
_DURATION = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$")
_ZONE = re.compile(r"TZID=\"?([^;\"]+)")
_Fields = dict[str, tuple[str, str]]


def read_event(source: str) -> CalendarEvent | None:
    """The first event of a calendar file; None when it has none that begins at some time."""
    unfolded = re.sub(r"\r?\n[ \t]", "", source[:MAX_LENGTH])
    inside = unfolded.partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0].partition("BEGIN:VALARM")[0]
    fields = _fields(inside)
    starts = _moment(fields, "DTSTART", unfolded)
    if starts is None:
        return None
    method = _fields(unfolded.partition("BEGIN:VEVENT")[0]).get("METHOD", ("", ""))[1].strip().upper()
    if _value(fields, "STATUS").upper() == "CANCELLED":
        method = "CANCEL"
    ends = _moment(fields, "DTEND", unfolded) or _later(starts, _value(fields, "DURATION"))
    if ends is not None and (type(ends) is not type(starts) or (_is_zoned(ends) != _is_zoned(starts))):
        ends = None
    if ends is not None and not isinstance(starts, datetime):
        ends -= timedelta(days=1)  # DTEND is the first day on which it is over
    return CalendarEvent(
        title=_value(fields, "SUMMARY")[:MAX_WORDS],
        starts=starts.isoformat(),
        ends=ends.isoformat() if ends is not None and ends > starts else "",
        place=_value(fields, "LOCATION")[:MAX_WORDS],
        organiser=_organiser(*fields.get("ORGANIZER", ("", "")))[:MAX_WORDS],
        method=method if method in {"REQUEST", "CANCEL", "REPLY", "COUNTER", "PUBLISH"} else "",
        repeats="RRULE" in fields,
        zone="" if _is_zoned(starts) else _zone_name(fields)[:80],
    )


def _fields(lines: str) -> _Fields:
    found: _Fields = {}
    for line in lines.splitlines():
        if match := FIELD.match(line):
            found.setdefault(match[1], (match[2], match[3]))
    return found


def _value(fields: _Fields, name: str) -> str:
    return " ".join(
        ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], fields.get(name, ("", ""))[1]).split()
    )


def _zone_name(fields: _Fields) -> str:
    found = _ZONE.search(fields["DTSTART"][0])
    return found[1] if found else ""


def _moment(fields: _Fields, name: str, calendar: str) -> datetime | date | None:
    """In UTC where the zone is known, without a zone where it is not; a date for whole days."""
    parameters, value = fields.get(name, ("", ""))
    told = _MOMENT.match(value.strip())
    if told is None:
        return None
    try:
        if not told[2]:
            return datetime.strptime(told[1], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        local = datetime.strptime(told[1] + told[2], "%Y%m%d%H%M%S")  # noqa: DTZ007 - its zone follows
        zone: tzinfo | None = UTC if told[3] else None
        if zone is None and (called := _ZONE.search(parameters)):
            zone = zone_called(called[1], calendar, local)
        return local.replace(tzinfo=zone).astimezone(UTC) if zone is not None else local
    except (ValueError, OverflowError):
        return None


def _later(starts: datetime | date, duration: str) -> datetime | date | None:
    told = _DURATION.match(duration)
    if told is None or not any(told.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in told.groups())
    try:
        return starts + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None


def _is_zoned(moment: datetime | date) -> bool:
    return isinstance(moment, datetime) and moment.tzinfo is not None


def _organiser(parameters: str, value: str) -> str:
    address = re.sub(r"^mailto:", "", value.strip(), flags=re.IGNORECASE)
    named = NAMED.search(parameters)
    return f"{named[1].strip()} <{address}>" if named and "@" in address else address
