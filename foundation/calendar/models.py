"""When somebody is there: opening hours by weekday, public holidays by country, and special days."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from foundation import clock
from foundation.calendar import hours, public_holidays
from foundation.calendar.business_time import BusinessTime
from foundation.rows import Row


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"{name!r} is not a time zone such as Europe/Vienna")


class Calendar(Row):
    """Used by every clock that counts business time: service levels, acknowledgements, phone menus, schedules."""

    name = models.CharField(max_length=100, unique=True)
    time_zone = models.CharField(max_length=60, default="UTC", validators=[check_time_zone])
    holiday_country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1, as AT; empty: no holidays")
    holiday_subdivision = models.CharField(max_length=10, blank=True, help_text="ISO 3166-2 part, as BY in Germany")
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, **options: Any) -> None:
        self.updated_at = clock.now()
        super().save(**options)
        hours.forget(self.pk)

    def clean(self) -> None:
        public_holidays.check(self.holiday_country, self.holiday_subdivision)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def hours(self) -> BusinessTime:
        """The frozen hours to reckon with; kept per process until the calendar changes."""
        return hours.of(self)


class CalendarPart(Row):
    """A row whose change is a change of its calendar."""

    class Meta:
        abstract = True

    def whose(self) -> UUID:
        raise NotImplementedError

    def save(self, **options: Any) -> None:
        super().save(**options)
        self._touch()

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        deleted = super().delete(using=using, keep_parents=keep_parents)
        self._touch()
        return deleted

    def _touch(self) -> None:
        Calendar.objects.filter(pk=self.whose()).update(updated_at=clock.now())
        hours.forget(self.whose())


class OpenInterval(CalendarPart):
    """Open on this weekday from `starts` to `ends`; an end at or before the start lies on the next day."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="intervals")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="open_interval_weekday"),
            models.UniqueConstraint(fields=["calendar", "weekday", "starts"], name="open_interval_once"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}–{self.ends:%H:%M}"

    def whose(self) -> UUID:
        return self.calendar_id


class SpecialDay(CalendarPart):
    """One date that is unlike its weekday: closed, or with intervals of its own. It goes before a holiday."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="special_days")
    date = models.DateField()
    name = models.CharField(max_length=100, blank=True)
    closed = models.BooleanField(default=False)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="special_day_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}".strip()

    def whose(self) -> UUID:
        return self.calendar_id


class SpecialInterval(CalendarPart):
    """Open on the special day from `starts` to `ends`, as an OpenInterval is on its weekday."""

    day = models.ForeignKey(SpecialDay, models.CASCADE, related_name="intervals")
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.UniqueConstraint(
                F("day"),
                F("starts"),
                name="special_interval_once",
                violation_error_message="Two intervals of this day begin at the same time.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"

    def whose(self) -> UUID:
        return self.day.calendar_id
