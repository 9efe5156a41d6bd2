"""Business time against a slow reference that looks at the wall clock minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.calendar.business_time import BusinessTime, DayHours, Interval, NeverOpen

MINUTE = timedelta(minutes=1)
VIENNA = ZoneInfo("Europe/Vienna")
ZONES = ["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
# Around the nights in which these zones change their clocks in 2026, and an ordinary week.
STARTS = [
    datetime(2026, month, day, tzinfo=UTC)
    for month, day in ((3, 7), (3, 28), (4, 4), (10, 3), (10, 24), (10, 31), (6, 15))
]


def office(*, zone: ZoneInfo = VIENNA, **facts: object) -> BusinessTime:
    day = (Interval(time(8), time(12)), Interval(time(13), time(17)))
    return BusinessTime(zone=zone, week=dict.fromkeys(range(5), day), **facts)


def open_by_the_wall_clock(hours: BusinessTime, moment: datetime) -> bool:
    """Right wherever no interval begins or ends in the hours that a clock change repeats or skips (0 to 4 o'clock)."""
    local = moment.astimezone(hours.zone)
    shown, today = local.time(), local.weekday()
    yesterday = (local.date() - timedelta(days=1)).weekday()
    for interval in hours.week.get(today, ()):
        if interval.starts <= shown and (shown < interval.ends or interval.ends <= interval.starts):
            return True
    return any(each.ends <= each.starts and shown < each.ends for each in hours.week.get(yesterday, ()))


times = st.builds(time, st.integers(4, 23), st.sampled_from([0, 15, 30, 59])) | st.just(time(0))
weeks = st.dictionaries(
    st.integers(0, 6), st.lists(st.builds(Interval, times, times), max_size=3).map(tuple), max_size=7
)
moments = st.builds(
    lambda start, minutes: start + minutes * MINUTE,
    st.sampled_from(STARTS),
    st.integers(0, 2 * 24 * 60),
)


@settings(max_examples=60, deadline=None)
@given(zone=st.sampled_from(ZONES), week=weeks, start=moments, minutes=st.integers(0, 30 * 60))
def test_measuring_agrees_with_counting_minutes(zone, week, start, minutes):
    hours = BusinessTime(zone=ZoneInfo(zone), week=week)
    end = start + minutes * MINUTE
    counted = sum(open_by_the_wall_clock(hours, start + minute * MINUTE) for minute in range(minutes))
    assert hours.measure(start, end) == counted * MINUTE


@settings(max_examples=60, deadline=None)
@given(zone=st.sampled_from(ZONES), week=weeks, start=moments, minutes=st.integers(1, 12 * 60))
def test_adding_ends_at_the_first_moment_by_which_so_much_time_has_passed(zone, week, start, minutes):
    hours = BusinessTime(zone=ZoneInfo(zone), week=week)
    if not any(week.values()):
        with pytest.raises(NeverOpen):
            hours.add(start, minutes * MINUTE)
        return
    moment = hours.add(start, minutes * MINUTE)
    assert hours.measure(start, moment) == minutes * MINUTE
    assert hours.measure(start, moment - MINUTE) < minutes * MINUTE
    assert open_by_the_wall_clock(hours, moment - MINUTE)


@settings(max_examples=60, deadline=None)
@given(zone=st.sampled_from(ZONES), week=weeks, at=moments)
def test_open_now_next_open_and_next_close_agree_with_the_wall_clock(zone, week, at):
    hours = BusinessTime(zone=ZoneInfo(zone), week=week)
    is_open = open_by_the_wall_clock(hours, at)
    assert hours.is_open(at) == is_open
    if not any(week.values()):
        return
    opens = hours.next_open(at)
    assert open_by_the_wall_clock(hours, opens)
    assert opens == at if is_open else opens > at
    assert not any(open_by_the_wall_clock(hours, at + minute * MINUTE) for minute in range((opens - at) // MINUTE))
    closes = hours.next_close(at)
    if closes is not None:
        assert not open_by_the_wall_clock(hours, closes)
        assert hours.measure(opens, closes) == closes - opens


@settings(max_examples=40, deadline=None)
@given(zone=st.sampled_from(ZONES), week=weeks, start=moments, one=st.integers(0, 900), two=st.integers(0, 900))
def test_time_added_in_two_steps_is_time_added_in_one(zone, week, start, one, two):
    hours = BusinessTime(zone=ZoneInfo(zone), week=week)
    if any(week.values()):
        assert hours.add(hours.add(start, one * MINUTE), two * MINUTE) == hours.add(start, (one + two) * MINUTE)


def test_a_weekend_and_a_holiday_do_not_count():
    hours = office(country="AT")
    friday_before_whitsun = datetime(2026, 5, 22, 16, 0, tzinfo=VIENNA)
    assert hours.add(friday_before_whitsun, timedelta(hours=2)) == datetime(2026, 5, 26, 9, 0, tzinfo=VIENNA)
    assert str(hours.hours_on(date(2026, 5, 25))) == "closed (Pfingstmontag)"
    assert str(hours.todays_hours(friday_before_whitsun)) == "08:00–12:00, 13:00–17:00"


def test_a_holiday_of_a_subdivision_closes_only_there():
    assert office(country="DE", subdivision="BY").hours_on(date(2026, 1, 6)).intervals == ()
    assert office(country="DE", subdivision="BE").hours_on(date(2026, 1, 6)).intervals != ()


def test_a_special_day_goes_before_the_holiday_and_the_weekday():
    opening = DayHours(date(2026, 12, 26), (Interval(time(10), time(14)),), "Sale")
    hours = office(country="AT", special={opening.date: opening, date(2026, 12, 23): DayHours(date(2026, 12, 23), ())})
    assert hours.is_open(datetime(2026, 12, 26, 13, 59, tzinfo=VIENNA))
    assert not hours.is_open(datetime(2026, 12, 23, 9, 0, tzinfo=VIENNA))
    assert str(hours.hours_on(opening.date)) == "10:00–14:00 (Sale)"


def test_a_night_shift_runs_on_into_a_closed_day():
    hours = BusinessTime(zone=VIENNA, week={3: (Interval(time(22), time(6)),)}, country="AT")
    new_year_morning = datetime(2027, 1, 1, 5, 59, tzinfo=VIENNA)  # 31 December 2026 is a Thursday
    assert hours.is_open(new_year_morning)
    assert hours.next_close(new_year_morning) == datetime(2027, 1, 1, 6, 0, tzinfo=VIENNA)


def test_the_night_of_the_clock_change_is_an_hour_shorter_or_longer():
    night = {weekday: (Interval(time(22), time(6)),) for weekday in range(7)}
    hours = BusinessTime(zone=VIENNA, week=night)
    spring, autumn = datetime(2026, 3, 28, 12, tzinfo=VIENNA), datetime(2026, 10, 24, 12, tzinfo=VIENNA)
    assert hours.measure(spring, spring + timedelta(days=1)) == timedelta(hours=7)
    assert hours.measure(autumn, autumn + timedelta(days=1)) == timedelta(hours=9)


@pytest.mark.parametrize(
    ("interval", "day", "length"),
    [
        (Interval(time(2, 15), time(2, 45)), date(2026, 3, 29), timedelta(minutes=30)),  # skipped: an hour later
        (Interval(time(2, 30), time(3, 15)), date(2026, 3, 29), timedelta(0)),  # begins when it is over already
        (Interval(time(2, 15), time(2, 45)), date(2026, 10, 25), timedelta(minutes=90)),  # from the first to the second
    ],
)
def test_an_interval_within_the_skipped_or_repeated_hour_is_continuous(interval, day, length):
    hours = BusinessTime(zone=VIENNA, week={6: (interval,)})
    midnight = datetime.combine(day, time(0), VIENNA)
    assert hours.measure(midnight, midnight + timedelta(days=1)) == length


def test_a_calendar_that_never_opens_says_so_instead_of_searching_for_ever():
    for hours in (BusinessTime(zone=UTC, week={}), BusinessTime(zone=UTC, week={0: ()})):
        for ask in (hours.next_open, hours.next_close, lambda at, hours=hours: hours.add(at, MINUTE)):
            with pytest.raises(NeverOpen):
                ask(datetime(2026, 1, 1, tzinfo=UTC))
        assert hours.measure(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)) == timedelta(0)


def test_a_calendar_that_never_closes_has_no_closing_time():
    always = BusinessTime(zone=VIENNA, week={weekday: (Interval(time(0), time(0)),) for weekday in range(7)})
    at = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert always.next_close(at) is None
    assert always.measure(at, at + timedelta(days=400)) == timedelta(days=400)
    assert always.add(at, timedelta(days=2000)) == at + timedelta(days=2000)


def test_time_is_not_reckoned_backwards():
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="forwards"):
        office().add(start, -MINUTE)
    assert office().measure(start, start - timedelta(days=1)) == timedelta(0)
    assert office().add(start, timedelta(0)) == start
