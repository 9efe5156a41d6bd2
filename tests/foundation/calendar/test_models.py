"""A stored calendar and the hours reckoned from it."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from foundation.calendar.models import Calendar, OpenInterval, SpecialDay, SpecialInterval

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 6, 15, 9, 0, tzinfo=ZoneInfo("Europe/Vienna"))


@pytest.fixture
def calendar() -> Calendar:
    made = Calendar.objects.create(name="Office", time_zone="Europe/Vienna", holiday_country="AT")
    for weekday in range(5):
        OpenInterval.objects.create(calendar=made, weekday=weekday, starts=time(8), ends=time(17))
    return made


def test_hours_follow_each_change_of_the_calendar_and_its_parts(calendar: Calendar):
    def is_open() -> bool:
        return Calendar.objects.get().hours().is_open(MONDAY)

    assert is_open()
    inventory = SpecialDay.objects.create(calendar=calendar, date=date(2026, 6, 15), name="Inventory", closed=True)
    assert not is_open()
    inventory.closed = False
    inventory.save()
    SpecialInterval.objects.create(day=inventory, starts=time(9), ends=time(10))
    assert is_open()
    inventory.delete()
    assert is_open()
    calendar.intervals.get(weekday=0).delete()
    assert not is_open()


def test_hours_are_read_once_and_then_kept(calendar: Calendar, django_assert_num_queries):
    with django_assert_num_queries(2):  # intervals and special days; a third only where special days have intervals
        calendar.hours()
    with django_assert_num_queries(0):
        assert calendar.hours().is_open(MONDAY)


@pytest.mark.parametrize(
    "mistake",
    [
        {"time_zone": "Europe/Wien"},
        {"holiday_country": "XX"},
        {"holiday_country": "DE", "holiday_subdivision": "ZZ"},
        {"holiday_subdivision": "BY"},
    ],
)
def test_a_place_that_does_not_exist_is_refused(mistake: dict[str, str]):
    with pytest.raises(ValidationError):
        Calendar(**{"name": "Nowhere", "time_zone": "UTC", **mistake}).full_clean()
