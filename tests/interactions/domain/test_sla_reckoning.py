"""When a promise is due: business time without pauses, also over nights, holidays and changed clocks."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.calendar.business_time import BusinessTime, Interval
from interactions.domain.sla_reckoning import Pause, reckon

STOCKHOLM = ZoneInfo("Europe/Stockholm")
OFFICE = BusinessTime(zone=STOCKHOLM, week=dict.fromkeys(range(5), (Interval(time(9), time(17)),)), country="SE")
ALWAYS = BusinessTime(zone=STOCKHOLM, week=dict.fromkeys(range(7), (Interval(time(0), time(0)),)))
NEVER = BusinessTime(zone=STOCKHOLM, week={})


def here(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=STOCKHOLM)


def due(hours: BusinessTime, start: datetime, minutes: int, *pauses: Pause) -> datetime | None:
    target = timedelta(minutes=minutes)
    return reckon(hours, start, pauses, target=target, warn_after=target * 0.8).due_at


def test_four_hours_from_friday_afternoon_end_on_monday():
    assert due(OFFICE, here(3, 13, 15), 240) == here(3, 16, 11)


def test_a_holiday_in_between_does_not_count():
    assert due(OFFICE, here(4, 2, 16), 120) == here(4, 7, 10)  # Good Friday to Easter Monday


def test_hours_on_the_clock_over_a_change_of_the_clock_are_real_hours():
    assert due(ALWAYS, here(3, 28, 22), 480) == here(3, 28, 22).astimezone(UTC) + timedelta(hours=8)
    assert due(ALWAYS, here(10, 24, 22), 480) == here(10, 24, 22).astimezone(UTC) + timedelta(hours=8)
    # The office opens an hour of real time earlier or later, and closes at five all the same.
    assert due(OFFICE, here(3, 27, 16), 120) == here(3, 30, 10)
    assert due(OFFICE, here(10, 23, 16), 120) == here(10, 26, 10)


def test_while_it_is_the_customers_turn_no_time_passes():
    pause = Pause(here(3, 10, 11), here(3, 12, 10))
    assert due(OFFICE, here(3, 10, 10), 180, pause) == here(3, 12, 12)


def test_a_pause_that_lasts_has_no_end_to_reckon_with():
    times = reckon(
        OFFICE,
        here(3, 10, 10),
        [Pause(here(3, 10, 11), None)],
        target=timedelta(hours=3),
        warn_after=timedelta(minutes=30),
    )
    assert (times.due_at, times.paused_since) == (None, here(3, 10, 11))
    assert times.warn_at == here(3, 10, 10, 30)  # that moment was before the pause


def test_what_was_late_before_the_pause_stays_late():
    assert due(OFFICE, here(3, 10, 10), 30, Pause(here(3, 10, 11), None)) == here(3, 10, 10, 30)


def test_a_calendar_that_is_never_open_is_never_due_and_breaks_nothing():
    assert due(NEVER, here(3, 10, 10), 30) is None


@pytest.mark.parametrize("pauses", [
    [Pause(here(3, 9, 9), here(3, 10, 9, 30))],  # over before it began
    [Pause(here(3, 9, 9), here(3, 10, 10))],
    [Pause(here(3, 10, 12), here(3, 10, 12))],
])  # fmt: skip
def test_pauses_that_do_not_concern_it_change_nothing(pauses: list[Pause]):
    assert due(OFFICE, here(3, 10, 10), 180, *pauses) == here(3, 10, 13)


moments = st.integers(0, 21 * 24 * 60).map(
    lambda minutes: datetime(2026, 3, 20, tzinfo=UTC) + timedelta(minutes=minutes)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(moments, moments), max_size=4), moments, st.integers(1, 2000))
def test_the_time_run_until_it_is_due_is_what_was_promised(pairs, start, minutes):
    pauses = [Pause(*sorted(pair)) for pair in pairs]
    at = due(OFFICE, start, minutes, *pauses)
    assert at is not None
    edges = sorted({start, at, *(edge for pair in pairs for edge in pair if start < edge < at)})
    run = sum(
        (
            OFFICE.measure(began, ended)
            for began, ended in itertools.pairwise(edges)
            if not any(pause.began <= began < (pause.ended or at) for pause in pauses)
        ),
        timedelta(0),
    )
    assert run == timedelta(minutes=minutes)


@settings(max_examples=60, deadline=None)
@given(st.permutations([Pause(here(3, 10, 11), here(3, 10, 12)), Pause(here(3, 10, 11, 30), here(3, 11, 10)),
                        Pause(here(3, 12, 9), here(3, 12, 10))]))  # fmt: skip
def test_the_order_in_which_pauses_become_known_does_not_matter(pauses):
    assert due(OFFICE, here(3, 10, 10), 600, *pauses) == here(3, 12, 12)
