"""By when will a mail be answered? Four situations as customers meet them, and what the answer is computed from."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.enums import PresenceStatus
from agents.models import Presence
from foundation import bus, clock
from foundation.calendar.business_time import BusinessTime, Interval
from foundation.calendar.models import SpecialDay
from interactions.domain.outlook import count_ahead, outlook
from interactions.domain.wait import wait
from interactions.enums import Direction, Priority, SegmentOutcome
from interactions.models import Interaction, Pace, Segment, WaitingRecord
from routing.domain.pace import presence_by_hour, refresh_pace, refresh_paces

pytestmark = pytest.mark.django_db
STOCKHOLM = ZoneInfo("Europe/Stockholm")
KEYS = {
    "method",
    "ahead",
    "median_handling_seconds",
    "agents_present",
    "overrun_seconds",
    "sample",
    "usual_seconds",
    "longer_than_usual",
    "open_now",
    "next_open",
    "closed_for",
    "nobody_present",
    "computed_at",
}


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=STOCKHOLM)


def handled(queue, agent, number: int) -> None:
    """Yesterday's mails: each in hand for five to fifteen minutes, ten in the middle, and answered after an hour."""
    began = local(2026, 3, 9, 10)
    past = Interaction.objects.bulk_create(
        Interaction(
            channel="email",
            direction=Direction.INBOUND,
            queue=queue,
            started_at=began,
            answered_at=began + timedelta(hours=1),
        )
        for _ in range(number)
    )
    Segment.objects.bulk_create(
        Segment(
            interaction=each,
            agent=agent,
            queue=queue,
            channel="email",
            outcome=SegmentOutcome.ENDED,
            accepted_at=began,
            ended_at=began + timedelta(minutes=5 + 10 * place / (number - 1)),
        )
        for place, each in enumerate(past)
    )


@pytest.fixture
def four_weeks(orders, ana, ben, tuesday):
    """Ana and Ben were there from nine to five on every weekday of the last four weeks and handled sixty mails."""
    Presence.objects.bulk_create(
        Presence(
            agent=agent,
            status=PresenceStatus.AVAILABLE,
            started_at=datetime.combine(day, time(9), STOCKHOLM),
            ended_at=datetime.combine(day, time(17), STOCKHOLM),
        )
        for agent in (ana, ben)
        for day in (date(2026, 2, 9) + timedelta(days=number) for number in range(29))
        if day.weekday() < 5
    )
    handled(orders, ana, 60)
    return refresh_pace(orders, "email")


@pytest.fixture
def backlog(writes):
    def send(number: int) -> None:
        for each in range(number):
            message = writes(f"guest{each}@post.example").message
            wait(message.interaction, message.case)

    return send


@pytest.fixture
def carlas_wait(writes):
    def send() -> WaitingRecord:
        message = writes("carla@post.example").message
        bus.drain()
        return WaitingRecord.objects.get(interaction=message.interaction)

    return send


def test_the_pace_comes_from_the_last_four_weeks(four_weeks):
    assert four_weeks.sample == 60
    assert four_weeks.handling_median == pytest.approx(600)
    assert four_weeks.handling_lower == pytest.approx(450)
    assert four_weeks.handling_upper == pytest.approx(750)
    assert four_weeks.usual == 3600
    assert four_weeks.usually_present(local(2026, 3, 12, 9)) == 2
    assert four_weeks.usually_present(local(2026, 3, 12, 8)) == 0
    assert four_weeks.usually_present(local(2026, 3, 14, 11)) == 0


def test_normal_the_mails_ahead_are_worked_off_by_those_usually_there(
    four_weeks, backlog, carlas_wait, ana, ben, at_work
):
    for agent in (ana, ben):
        agent.capacities.create(channel="email", limit=0)  # they are at work; nothing of the backlog moves
    at_work(ana, ben)
    backlog(6)

    record = carlas_wait()

    # Six mails of ten minutes for two take half an hour, Carla's own ten minutes: 10:40. All mails of the last weeks
    # took fifty minutes beyond their own ten, though none was ahead of them.
    assert record.expected_by == local(2026, 3, 10, 11, 30)
    assert set(record.expected_from) == KEYS
    assert record.expected_from == {
        "method": "computed",
        "ahead": 6,
        "median_handling_seconds": pytest.approx(600),
        "agents_present": 2.0,
        "overrun_seconds": pytest.approx(3000),
        "sample": 60,
        "usual_seconds": 3600.0,
        "longer_than_usual": False,
        "open_now": True,
        "next_open": None,
        "closed_for": "",
        "nobody_present": False,
        "computed_at": clock.now().isoformat(),
    }


def test_double_backlog_takes_longer_than_usual_and_says_so(four_weeks, backlog, carlas_wait, ana, ben, at_work):
    for agent in (ana, ben):
        agent.capacities.create(channel="email", limit=0)
    at_work(ana, ben)
    backlog(24)

    record = carlas_wait()

    assert record.expected_by == local(2026, 3, 10, 13)  # two hours and ten minutes, and fifty beyond
    assert record.expected_from["longer_than_usual"] is True


def test_closed_for_a_holiday_it_is_the_next_open_morning(four_weeks, carlas_wait, weekdays, tuesday):
    SpecialDay.objects.create(calendar=weekdays, date=date(2026, 3, 10), name="Founders' Day", closed=True)

    record = carlas_wait()

    assert record.expected_by == local(2026, 3, 11, 10)
    figures = record.expected_from
    assert (figures["open_now"], figures["closed_for"]) == (False, "Founders' Day")
    assert datetime.fromisoformat(figures["next_open"]) == local(2026, 3, 11, 9)
    assert not figures["nobody_present"]  # nobody is expected there
    assert not figures["longer_than_usual"]


def test_a_public_holiday_has_its_name_and_an_ordinary_night_has_none(four_weeks, orders, tuesday):
    tuesday.moment = local(2026, 4, 3, 11).astimezone(UTC)
    assert outlook(orders).computed_from.closed_for == "Långfredagen"

    tuesday.moment = local(2026, 4, 8, 20).astimezone(UTC)
    night = outlook(orders)
    assert (night.computed_from.closed_for, night.computed_from.open_now) == ("", False)


def test_nobody_present_in_opening_hours_the_work_begins_with_the_next_hour(four_weeks, carlas_wait):
    record = carlas_wait()

    assert record.expected_from["nobody_present"] is True
    assert record.expected_from["open_now"] is True
    assert record.expected_by == local(2026, 3, 10, 12)  # from eleven on somebody usually is there


def test_with_fewer_than_fifty_past_mails_the_stated_target_holds(carlas_wait, orders, ana, at_work, tuesday):
    at_work(ana)
    handled(orders, ana, 49)
    refresh_pace(orders, "email")

    record = carlas_wait()

    assert record.expected_from["method"] == "stated"
    assert (record.expected_from["sample"], record.expected_from["usual_seconds"]) == (49, None)
    assert record.expected_from["longer_than_usual"] is False
    assert record.expected_by == local(2026, 3, 11, 10)  # 480 business minutes


def test_without_any_past_and_any_pace_the_stated_target_holds_too(carlas_wait, tuesday):
    assert carlas_wait().expected_from["method"] == "stated"


def test_the_outlook_before_there_is_a_contact_gives_position_and_range(four_weeks, backlog, orders, ana, at_work):
    at_work(ana)
    backlog(6)

    ahead = outlook(orders)

    assert ahead.position == 7
    assert ahead.soonest == local(2026, 3, 10, 11, 20)
    assert ahead.latest == local(2026, 3, 10, 11, 40)
    assert ahead.soonest < ahead.expected_by


def test_the_position_follows_priority_and_time(backlog, writes, orders, tuesday):
    backlog(2)
    tuesday.advance(timedelta(minutes=1))
    urgent = writes("dev@mail.example", priority=Priority.URGENT).message
    record = wait(urgent.interaction, urgent.case)

    assert count_ahead(orders, "email", record) == 0
    assert count_ahead(orders, "email") == 3
    assert [count_ahead(orders, "email", each) for each in WaitingRecord.objects.order_by("since", "id")[:2]] == [1, 2]


def test_paces_are_computed_when_missing_or_old_only(orders, returns, tuesday):
    assert refresh_paces() == 2
    assert refresh_paces() == 0

    tuesday.advance(timedelta(minutes=11))

    assert refresh_paces() == 2
    assert Pace.objects.count() == 2


def test_what_a_mail_costs_does_not_grow_with_the_past(four_weeks, orders, ana, backlog):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            outlook(orders)
        return len(queries)

    outlook(orders)
    before = cost()
    handled(orders, ana, 60)
    backlog(3)

    assert cost() == before == 3  # the pace, those ahead, who is present


def test_agents_present_are_averaged_by_the_hour_over_usual_days_and_clock_changes():
    hours = BusinessTime(STOCKHOLM, {day: (Interval(time(0), time(0)),) for day in range(7)}, country="SE")
    start, end = local(2026, 3, 23), local(2026, 4, 20)  # four weeks with the change of clocks, Good Friday and Easter
    nights = [(local(2026, 3, 29, 0), local(2026, 3, 29, 4))]  # three real hours on the Sunday of the change
    fridays = [(local(2026, 3, day, 9), local(2026, 3, day, 10)) for day in (27,)]

    present = presence_by_hour([*nights, *fridays], start, end, hours)

    sunday, friday = 6 * 24, 4 * 24
    # Of four Sundays one is Easter: three count, two of them with an hour from two to three.
    assert present[sunday : sunday + 5] == [0.333, 0.333, 0.0, 0.333, 0.0]
    assert present[friday + 9] == 0.333  # Good Friday does not count
