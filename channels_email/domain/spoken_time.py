"""Moments and hours as one would say them to a customer, in the zone of the calendar. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from foundation.calendar.business_time import BusinessTime, DayHours, NeverOpen

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
ONE_DAY = timedelta(days=1)
NEAR = timedelta(hours=2)  # within it a promise is rounded up to the quarter of an hour, beyond to the hour


def promise(by: datetime, now: datetime, hours: BusinessTime) -> str:
    """A promise that is kept when the answer comes by then: "today before 16:00", "tomorrow (Monday) before 10:00".

    Rounded up, but not beyond closing time, when nobody would answer any more.
    """
    step = timedelta(minutes=15) if by - now < NEAR else timedelta(hours=1)
    local = _rounded_up(max(by, now + timedelta(minutes=1)), step, hours).astimezone(hours.zone)
    if local.time() == time(0):
        return f"{day(local.date() - ONE_DAY, now, hours)} before midnight"
    return f"{day(local.date(), now, hours)} before {local:%H:%M}"


def opening(at: datetime, now: datetime, hours: BusinessTime) -> str:
    """As in "today at 09:00", "tomorrow (Monday) at 09:00", "on Tuesday 6 January at 09:00"."""
    local = at.astimezone(hours.zone)
    return f"{day(local.date(), now, hours)} at {local:%H:%M}"


def day(which: date, now: datetime, hours: BusinessTime) -> str:
    today = now.astimezone(hours.zone).date()
    if which == today:
        return "today"
    if which == today + ONE_DAY:
        return f"tomorrow ({WEEKDAYS[which.weekday()]})"
    return f"on {long_date(which)}" + (f" {which.year}" if abs(which - today) > timedelta(days=180) else "")


def long_date(which: date) -> str:
    return f"{WEEKDAYS[which.weekday()]} {which.day} {MONTHS[which.month - 1]}"


def closed_between(now: datetime, until: datetime, hours: BusinessTime) -> list[DayHours]:
    """The days after today and up to `until` on which we would be open by the week's rule and are not."""
    found = []
    current = now.astimezone(hours.zone).date() + ONE_DAY
    last = min(until.astimezone(hours.zone).date(), current + timedelta(days=60))
    while current <= last:
        that_day = hours.hours_on(current)
        if not that_day.intervals and hours.week.get(current.weekday()):
            found.append(that_day)
        current += ONE_DAY
    return found


def closed_because(days: Sequence[DayHours]) -> str:
    """As in "because we are closed on Tuesday 6 January (Epiphany)"; '' for no days."""
    if not days:
        return ""
    if len(days) > 3:
        return f"because we are closed from {long_date(days[0].date)} to {long_date(days[-1].date)}"
    return f"because we are closed on {_listed([_named(each) for each in days])}"


def week(hours: BusinessTime) -> str:
    """The week's hours: "Monday to Friday 09:00–17:00, Saturday 10:00–14:00"; "at any time" when never closed."""
    groups: list[tuple[int, int, str]] = []
    for weekday in range(7):
        spans = ", ".join(str(interval) for interval in sorted(hours.week.get(weekday, ())))
        if groups and groups[-1][2] == spans:
            groups[-1] = (groups[-1][0], weekday, spans)
        else:
            groups.append((weekday, weekday, spans))
    if groups == [(0, 6, "00:00–00:00")]:
        return "at any time"
    said = [f"{_weekdays(first, last)} {spans}" for first, last, spans in groups if spans]
    return "; ".join(said)


def _weekdays(first: int, last: int) -> str:
    if first == last:
        return WEEKDAYS[first]
    return f"{WEEKDAYS[first]} {'and' if last == first + 1 else 'to'} {WEEKDAYS[last]}"


def _named(each: DayHours) -> str:
    return long_date(each.date) + (f" ({each.name})" if each.name else "")


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _rounded_up(moment: datetime, step: timedelta, hours: BusinessTime) -> datetime:
    local = moment.astimezone(hours.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    wall = local.replace(tzinfo=None) - midnight.replace(tzinfo=None)
    steps = -(-wall // step)
    rounded = (midnight.replace(tzinfo=None) + steps * step).replace(tzinfo=hours.zone)
    try:
        closes = hours.next_close(moment - timedelta(microseconds=1))
    except NeverOpen:
        return rounded
    return closes if closes is not None and moment <= closes < rounded else rounded
