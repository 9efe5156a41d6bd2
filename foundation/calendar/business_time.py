"""Reckoning with business time: pure, frozen, exact across clock changes.

An interval belongs to the day it starts on and may run over midnight. It is continuous in real time: a start or an end
that the clocks show twice counts from the first and to the second; one that they skip is taken as if they had not yet
been put forward (PEP 495). A special day goes before a holiday, a holiday before the weekday.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property

from foundation.calendar import public_holidays

HORIZON = timedelta(days=800)
ONE_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


class NeverOpen(ValueError):
    """The calendar has no opening hours within the next two years, so there is no such moment."""


@dataclass(frozen=True, order=True)
class Interval:
    """Open from `starts` to `ends` by the wall clock; `ends <= starts` means over midnight."""

    starts: time
    ends: time

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


@dataclass(frozen=True)
class DayHours:
    """The hours of one date; `name` is that of the holiday or special day, else empty."""

    date: date
    intervals: tuple[Interval, ...]
    name: str = ""

    def __str__(self) -> str:
        hours = ", ".join(str(each) for each in self.intervals) or "closed"
        return f"{hours} ({self.name})" if self.name else hours


@dataclass(frozen=True, eq=False)
class BusinessTime:
    """`week` is by weekday (0 is Monday); `special` by date, with its name; the holidays are those of the country."""

    zone: tzinfo
    week: Mapping[int, tuple[Interval, ...]]
    special: Mapping[date, DayHours] = field(default_factory=dict)
    country: str = ""
    subdivision: str = ""
    _days: dict[date, tuple[Span, ...]] = field(default_factory=dict, repr=False)

    def is_open(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self._around(at))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when open then, else the next opening. Raises NeverOpen."""
        for start, _ in self._spans(at):
            return start
        raise NeverOpen("there are no opening hours")

    def next_close(self, at: datetime) -> datetime | None:
        """When the hours that run at `at`, or else the next ones, end; None when that is beyond the horizon.

        Raises NeverOpen.
        """
        closes = self.next_open(at)
        for start, end in self._spans(closes):
            if start > closes:
                return closes
            if end - at > HORIZON:
                return None
            closes = end
        return closes

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The first moment at which `duration` of business time has passed since `start`, in UTC.

        Raises NeverOpen, and ValueError for a negative duration.
        """
        if duration < timedelta(0):
            raise ValueError("business time is only reckoned forwards")
        left = duration
        moment = start.astimezone(UTC)
        while left:
            for begins, ends in self._spans(moment):
                if ends - begins >= left:
                    return begins + left
                left -= ends - begins
                moment = ends
                if ends - start > HORIZON:
                    break  # long durations go on from here with a fresh horizon
            else:
                raise NeverOpen("there are no opening hours")
        return moment

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """How much business time lies between the two; zero when `end` is not after `start`."""
        total = timedelta(0)
        if end <= start:
            return total
        for begins, ends in self._spans(start, until=end):
            total += min(ends, end) - begins
        return total

    def todays_hours(self, at: datetime) -> DayHours:
        """The hours of the local date at that moment, for people to read."""
        return self.hours_on(at.astimezone(self.zone).date())

    def hours_on(self, day: date) -> DayHours:
        if day in self.special:
            return self.special[day]
        holiday = public_holidays.of_year(self.country, self.subdivision, day.year).get(day)
        if holiday is not None:
            return DayHours(day, (), holiday)
        return DayHours(day, tuple(sorted(self.week.get(day.weekday(), ()))))

    def _spans(self, start: datetime, until: datetime | None = None) -> Iterator[Span]:
        """What is open between the two, in order and without overlap; only the last may end after `until`."""
        if self._never_open:
            return
        until = until or start + HORIZON
        covered = start.astimezone(UTC)
        day = start.astimezone(self.zone).date() - 2 * ONE_DAY
        last = until.astimezone(self.zone).date()
        while day <= last:
            for begins, ends in self._spans_of(day):
                begins = max(begins, covered)  # noqa: PLW2901 - what an earlier span covers is not open twice
                if begins < min(ends, until):
                    yield begins, ends
                    covered = ends
            day += ONE_DAY

    @cached_property
    def _never_open(self) -> bool:
        return not any(self.week.values()) and not any(hours.intervals for hours in self.special.values())

    def _around(self, at: datetime) -> Iterator[Span]:
        day = at.astimezone(self.zone).date()
        yield from self._spans_of(day)
        yield from self._spans_of(day - ONE_DAY)
        yield from self._spans_of(day - 2 * ONE_DAY)

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        spans = self._days.get(day)
        if spans is None:
            if len(self._days) > 2000:
                self._days.clear()
            spans = self._days[day] = tuple(self._reckon(day))
        return spans

    def _reckon(self, day: date) -> Iterator[Span]:
        for interval in self.hours_on(day).intervals:
            last = day if interval.ends > interval.starts else day + ONE_DAY
            begins = datetime.combine(day, interval.starts, self.zone).astimezone(UTC)
            ends = max(_instants(datetime.combine(last, interval.ends, self.zone)))
            if begins < ends:
                yield begins, ends


def _instants(local: datetime) -> tuple[datetime, ...]:
    """The moments at which the wall clock shows this: one, two when put back, and one as well when it is skipped."""
    first = local.astimezone(UTC)
    second = local.replace(fold=1).astimezone(UTC)
    return (first, second) if second > first else (first,)
