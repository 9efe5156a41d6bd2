"""How much longer answers took than the work that was ahead of them, and what a promise makes of it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from foundation.calendar.business_time import BusinessTime, Interval
from interactions.domain.answer_time import with_overrun, worked_off
from interactions.models import Pace
from routing.domain.overrun import Waits, overruns, shares

ZONE = ZoneInfo("Europe/Stockholm")
HOURS = BusinessTime(ZONE, {day: (Interval(time(9), time(17)),) for day in range(5)})
TEN = datetime(2026, 3, 10, 10, tzinfo=ZONE)
NOBODY_AHEAD = Waits([], [])


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def pace() -> Pace:
    """One agent, ten minutes a mail."""
    return Pace(sample=60, handling_median=600.0, presence=[1.0] * 168)


def test_beyond_its_own_handling_and_that_of_the_mails_ahead(pace):
    ahead = Waits([TEN - minutes(5), TEN - minutes(3), TEN], [TEN + minutes(40)])

    assert overruns(pace, HOURS, [(TEN, TEN + minutes(60))], NOBODY_AHEAD) == [50 * 60]
    assert overruns(pace, HOURS, [(TEN, TEN + minutes(60))], ahead) == [30 * 60]  # itself is not ahead of itself


def test_who_waits_no_longer_is_not_ahead():
    waits = Waits([TEN - minutes(30), TEN - minutes(20)], [TEN - minutes(10), TEN])
    assert [waits.ahead_at(TEN - minutes(15)), waits.ahead_at(TEN - minutes(5)), waits.ahead_at(TEN)] == [2, 1, 0]


def test_closed_hours_do_not_count(pace):
    evening, next_morning = TEN.replace(hour=16, minute=50), TEN.replace(day=11, hour=9, minute=15)
    assert overruns(pace, HOURS, [(evening, next_morning)], NOBODY_AHEAD) == [15 * 60]


def test_four_in_five_decide_and_too_few_say_nothing():
    assert shares([float(second) for second in range(101)]) == (25, 50, 75, 80)
    assert shares([1.0] * 49) == (None, None, None, None)


def test_a_promise_is_never_sooner_than_the_work_ahead(pace):
    done = worked_off(pace, HOURS, TEN, 2, pace.handling_median)
    assert done is not None

    assert with_overrun(HOURS, done, -600) == with_overrun(HOURS, done, None) == TEN + minutes(30)
    assert with_overrun(HOURS, done, 600) == TEN + minutes(40)


def test_a_pace_that_says_nothing_gives_no_overrun():
    assert overruns(Pace(sample=0), HOURS, [(TEN, TEN + minutes(60))], NOBODY_AHEAD) == []
