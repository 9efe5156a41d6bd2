"""What an acknowledgement says, read as a customer reads it. Pure: no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from channels_email.domain.spoken_time import promise, week
from channels_email.domain.wording import Facts, expectation, situation_of, speakable, word
from channels_email.enums import Situation
from foundation.calendar.business_time import BusinessTime, DayHours, Interval

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NINE_TO_FIVE = {weekday: (Interval(time(9), time(17)),) for weekday in range(5)}
HOURS = BusinessTime(zone=STOCKHOLM, week=NINE_TO_FIVE, country="SE")


def at(*parts: int) -> datetime:
    """A moment by the clock in Stockholm."""
    return datetime(*parts, tzinfo=STOCKHOLM).astimezone(UTC)


TUESDAY = at(2026, 3, 10, 10, 0)
THANKS = (
    "thank you for writing to Nordhem. We have received your message about “My order”; its number with us is #10123."
)


def facts(**changes: object) -> Facts:
    standing = {
        "greeting": "Hello",
        "given_name": "Carla",
        "brand": "Nordhem",
        "sign_off": "Kind regards",
        "subject": "My order",
        "case_number": 10123,
        "ways": ("Phone: +46 8 123 45 67, Monday to Friday 09:00–17:00",),
        "received_at": TUESDAY,
        "now": TUESDAY,
        "hours": HOURS,
        "expected_by": at(2026, 3, 10, 15, 20),
        "computed": True,
    }
    return Facts(**{**standing, **changes})  # type: ignore[arg-type]


def test_on_a_normal_day_it_promises_an_hour():
    wording = word(facts())

    assert wording.situation == Situation.NORMAL
    assert wording.paragraphs == (
        "Hello Carla,",
        THANKS,
        "You can expect our answer today before 16:00.",
        "To add something, just answer this e-mail.",
    )
    assert wording.closing == "Kind regards, Nordhem"


def test_with_double_the_backlog_it_says_that_it_takes_longer_than_usual():
    wording = word(facts(expected_by=at(2026, 3, 11, 9, 40), usual_seconds=2 * 3600.0))

    assert wording.situation == Situation.BUSY
    assert wording.paragraphs[2] == (
        "Many people are writing to us at the moment, so it takes longer than usual. "
        "You can expect our answer tomorrow (Wednesday) before 10:00."
    )


def test_on_a_holiday_it_names_the_holiday_and_the_next_opening():
    now = at(2026, 1, 6, 11, 0)  # Epiphany, a holiday in Sweden
    wording = word(facts(now=now, received_at=now, expected_by=at(2026, 1, 7, 10, 30)))

    assert wording.situation == Situation.HOLIDAY
    assert wording.paragraphs[2] == (
        "We are closed today (Trettondedag jul) and open again tomorrow (Wednesday) at 09:00. "
        "You can expect our answer tomorrow (Wednesday) before 11:00."
    )


def test_with_nobody_present_it_says_so_and_only_aims():
    wording = word(facts(nobody_present=True, computed=False, expected_by=at(2026, 3, 11, 10, 0)))

    assert wording.situation == Situation.NOBODY
    assert wording.paragraphs[2] == (
        "Right now none of us is available. We aim to answer tomorrow (Wednesday) before 10:00."
    )


def test_a_holiday_on_the_way_is_given_as_the_reason():
    friday = at(2026, 4, 30, 16, 50)  # a Thursday; the first of May is a holiday
    wording = word(facts(now=friday, received_at=friday, expected_by=at(2026, 5, 4, 9, 45)))

    assert wording.paragraphs[2] == (
        "You can expect our answer on Monday 4 May before 10:00, because we are closed on Friday 1 May (Första maj)."
    )


def test_at_night_it_says_when_we_open():
    night = at(2026, 3, 10, 22, 0)
    wording = word(facts(now=night, received_at=night, expected_by=at(2026, 3, 11, 9, 30)))

    assert wording.situation == Situation.CLOSED
    assert wording.paragraphs[2].startswith("We are closed right now and open again tomorrow (Wednesday) at 09:00.")


def test_a_queue_that_never_opens_promises_nothing():
    never = BusinessTime(zone=STOCKHOLM, week={})
    wording = word(facts(hours=never, expected_by=None))

    assert wording.paragraphs[2] == "We are closed right now. We will answer as soon as we can."


def test_a_name_we_are_not_sure_of_is_left_out():
    assert word(facts(given_name="")).paragraphs[0] == "Hello,"


@pytest.mark.parametrize(
    ("subject", "spoken"),
    [
        ("Re: AW: My order", "My order"),
        ("Buy at http://evil.example/x now", "Buy at … now"),
        ("line\r\nBcc: all@evil.example", "line Bcc: all@evil.example"),
        ("\u202eabc\u200b", "abc"),
        ("x" * 200, "x" * 79 + "…"),
        ("", ""),
    ],
)
def test_a_subject_is_repeated_only_as_far_as_it_is_harmless(subject, spoken):
    assert speakable(subject) == spoken


def test_what_a_stranger_wrote_is_escaped():
    html = word(facts(subject="<img src=x onerror=alert(1)>", given_name="<b>")).as_html()
    assert "<img" not in html
    assert "<b>" not in html
    assert "<li>Phone: +46 8 123 45 67" in html


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (at(2026, 3, 10, 10, 20), "today before 10:30"),
        (at(2026, 3, 10, 12, 1), "today before 13:00"),
        (at(2026, 3, 10, 16, 40), "today before 17:00"),
        (at(2026, 3, 10, 9, 0), "today before 10:15"),
        (at(2026, 3, 11, 9, 5), "tomorrow (Wednesday) before 10:00"),
        (at(2026, 3, 16, 9, 5), "on Monday 16 March before 10:00"),
        (at(2027, 3, 16, 9, 5), "on Tuesday 16 March 2027 before 10:00"),
    ],
)
def test_a_promise_is_rounded_up_and_never_beyond_closing(by, said):
    assert promise(by, TUESDAY, HOURS) == said


def test_a_promise_in_the_last_minutes_of_the_day_ends_at_closing_even_at_an_odd_time():
    odd = BusinessTime(zone=STOCKHOLM, week={weekday: (Interval(time(9), time(17, 20)),) for weekday in range(5)})
    assert promise(at(2026, 3, 10, 17, 10), TUESDAY, odd) == "today before 17:20"


def test_the_week_is_told_in_groups():
    mixed = BusinessTime(
        zone=STOCKHOLM, week={**NINE_TO_FIVE, 4: (Interval(time(9), time(15)),), 5: (Interval(time(10), time(14)),)}
    )
    assert week(HOURS) == "Monday to Friday 09:00–17:00"
    assert week(mixed) == "Monday to Thursday 09:00–17:00; Friday 09:00–15:00; Saturday 10:00–14:00"
    always = {weekday: (Interval(time(0), time(0)),) for weekday in range(7)}
    assert week(BusinessTime(zone=STOCKHOLM, week=always)) == "at any time"
    assert week(BusinessTime(zone=STOCKHOLM, week={})) == ""


def test_a_special_day_without_a_name_is_closed_but_no_holiday():
    closed = BusinessTime(
        zone=STOCKHOLM, week=NINE_TO_FIVE, special={date(2026, 3, 10): DayHours(date(2026, 3, 10), ())}
    )
    assert situation_of(facts(hours=closed)) == Situation.CLOSED


def test_a_promise_in_the_past_is_not_made():
    late = facts(expected_by=TUESDAY - timedelta(hours=3))
    assert expectation(late) == "You can expect our answer today before 10:15."
