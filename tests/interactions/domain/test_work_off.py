"""When a backlog is worked off, across nights, weekends, holidays and clock changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.calendar.business_time import BusinessTime, Interval
from interactions.domain.work_off import to_next_quarter, work_off

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NINE_TO_FIVE = BusinessTime(STOCKHOLM, {day: (Interval(time(9), time(17)),) for day in range(5)}, country="SE")
ALWAYS = BusinessTime(STOCKHOLM, {day: (Interval(time(0), time(0)),) for day in range(7)})
moments = st.integers(0, 365 * 86_400).map(lambda second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second))


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=STOCKHOLM)


def always(agents: float):
    return lambda moment: agents


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_two_agents_do_in_an_hour_what_one_does_in_two():
    start = local(2026, 3, 10, 10)

    assert work_off(NINE_TO_FIVE, start, hours(2), always(1)).at == local(2026, 3, 10, 12)
    assert work_off(NINE_TO_FIVE, start, hours(2), always(2)).at == local(2026, 3, 10, 11)


def test_what_is_left_in_the_evening_goes_on_in_the_morning():
    done = work_off(NINE_TO_FIVE, local(2026, 3, 13, 16, 30), hours(2), always(2))

    assert done.at == local(2026, 3, 16, 9, 30)  # Friday to Monday


def test_a_holiday_is_not_worked():
    done = work_off(NINE_TO_FIVE, local(2026, 4, 2, 16), hours(3), always(1))

    assert done.at == local(2026, 4, 7, 11)  # over Good Friday and Easter Monday


def test_each_hour_counts_the_agents_usually_there():
    done = work_off(NINE_TO_FIVE, local(2026, 3, 10, 11), hours(4), lambda moment: 3 if moment.hour == 12 else 1)

    assert done.at == local(2026, 3, 10, 13)
    assert done.agents == 2  # four hours of work in two


def test_hours_without_anybody_pass_without_progress():
    done = work_off(NINE_TO_FIVE, local(2026, 3, 10, 11), hours(1), lambda moment: 0 if moment.hour < 14 else 1)

    assert done.at == local(2026, 3, 10, 15)


def test_where_nobody_ever_comes_there_is_no_end():
    assert work_off(NINE_TO_FIVE, local(2026, 3, 10, 11), hours(1), always(0)) is None
    assert work_off(BusinessTime(STOCKHOLM, {}), local(2026, 3, 10, 11), hours(1), always(1)) is None


def test_nothing_to_do_is_done_at_once_or_when_it_opens():
    assert work_off(NINE_TO_FIVE, local(2026, 3, 10, 11), hours(0), always(1)).at == local(2026, 3, 10, 11)
    assert work_off(NINE_TO_FIVE, local(2026, 3, 14, 11), hours(0), always(1)).at == local(2026, 3, 16, 9)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (local(2026, 3, 28, 23), local(2026, 3, 29, 5)),  # the clocks go forward: five hours by the watch are six
        (local(2026, 10, 24, 23), local(2026, 10, 25, 3)),
    ],
)
def test_a_clock_change_neither_adds_nor_takes_work(start, end):
    assert work_off(ALWAYS, start, hours(5), always(1)).at == start.astimezone(UTC) + hours(5) == end.astimezone(UTC)


@given(
    start=moments,
    minutes=st.integers(1, 6000),
    agents=st.floats(0.2, 20),
)
def test_with_always_as_many_agents_the_walk_is_business_time_divided(start, minutes, agents):
    done = work_off(NINE_TO_FIVE, start, timedelta(minutes=minutes), always(agents))

    expected = NINE_TO_FIVE.add(start, timedelta(minutes=minutes) / agents)
    assert abs(done.at - expected) < timedelta(seconds=1)
    assert abs(done.agents - agents) < 0.01


@given(moments)
def test_a_promise_is_rounded_up_to_a_quarter(moment):
    rounded = to_next_quarter(moment)

    assert timedelta(0) <= rounded - moment < timedelta(minutes=15)
    assert (rounded.minute % 15, rounded.second, rounded.microsecond) == (0, 0, 0)
