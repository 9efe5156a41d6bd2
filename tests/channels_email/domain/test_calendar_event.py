"""What calendars of many programs invite to, and when that is."""

import pytest

from channels_email.domain.calendar_event import read_event
from channels_email.domain.parse import parse

OUTLOOK_ZONE = (
    "BEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\n"
    "TZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\n"
    "DTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
)


def calendar(*lines: str, zones: str = "", method: str = "REQUEST") -> str:
    inside = "\n".join(lines)
    return f"BEGIN:VCALENDAR\nMETHOD:{method}\n{zones}BEGIN:VEVENT\n{inside}\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.mark.parametrize(
    ("when", "zones", "starts"),
    [
        ("DTSTART:20260512T080000Z", "", "2026-05-12T08:00:00+00:00"),
        ("DTSTART;TZID=Europe/Stockholm:20260512T100000", "", "2026-05-12T08:00:00+00:00"),
        ('DTSTART;TZID="/citadel.org/20210210_1/Europe/Stockholm":20260512T100000', "", "2026-05-12T08:00:00+00:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20260512T100000", OUTLOOK_ZONE, "2026-05-12T08:00:00+00:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20260112T100000", OUTLOOK_ZONE, "2026-01-12T09:00:00+00:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20261026T100000", OUTLOOK_ZONE, "2026-10-26T09:00:00+00:00"),
        ("DTSTART;TZID=Somewhere:20260512T100000", "", "2026-05-12T10:00:00"),
        ("DTSTART:20260512T100000", "", "2026-05-12T10:00:00"),
        ("DTSTART;VALUE=DATE:20260512", "", "2026-05-12"),
    ],
)
def test_the_beginning_is_understood_in_its_zone(when, zones, starts):
    event = read_event(calendar(when, "SUMMARY:Fitting", zones=zones))
    assert event is not None
    assert event.starts == starts
    assert event.zone == ("Somewhere" if "Somewhere" in when else "")


@pytest.mark.parametrize(
    ("ending", "ends"),
    [
        ("DTEND:20260512T090000Z", "2026-05-12T09:00:00+00:00"),
        ("DURATION:PT1H30M", "2026-05-12T09:30:00+00:00"),
        ("DURATION:P1W", "2026-05-19T08:00:00+00:00"),
        ("DTEND:20260512T070000Z", ""),
        ("DTEND;VALUE=DATE:20260513", ""),
        ("DURATION:soon", ""),
    ],
)
def test_the_end_is_given_or_counted(ending, ends):
    event = read_event(calendar("DTSTART:20260512T080000Z", ending))
    assert event is not None
    assert event.ends == ends


def test_the_last_of_whole_days_is_the_one_before_the_end():
    event = read_event(calendar("DTSTART;VALUE=DATE:20260512", "DTEND;VALUE=DATE:20260515"))
    assert event is not None
    assert (event.starts, event.ends) == ("2026-05-12", "2026-05-14")


def test_what_where_and_by_whom():
    event = read_event(
        calendar(
            "DTSTART:20260512T080000Z", "SUMMARY:Fitting\\, at\n  home", "LOCATION:Hagagatan 1\\nStockholm",
            "ORGANIZER;CN=Carla Nyström:MAILTO:carla@post.example", "RRULE:FREQ=WEEKLY", "STATUS:CANCELLED",
        )
    )  # fmt: skip
    assert event is not None
    assert (event.title, event.place) == ("Fitting, at home", "Hagagatan 1 Stockholm")
    assert event.organiser == "Carla Nyström <carla@post.example>"
    assert (event.repeats, event.method) == (True, "CANCEL")


@pytest.mark.parametrize(
    "source",
    [
        "", "BEGIN:VEVENT", calendar("SUMMARY:Never"), calendar("DTSTART:20269999T990000Z"),
        calendar("DTSTART:99999999"),
        calendar("DTSTART;TZID=Europe/Stockholm:00010101T000000"), "BEGIN:VEVENT\n" * 9_000,
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_no_event(source):
    assert read_event(source) is None


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=13;BYDAY=1SU", "FREQ=YEARLY;BYMONTH=3;BYDAY=0SU", "x"]
)
def test_a_zone_that_makes_no_sense_leaves_the_time_as_it_is(rule):
    zones = OUTLOOK_ZONE.replace("FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", rule).replace(
        "FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", rule
    )
    event = read_event(calendar("DTSTART;TZID=W. Europe Standard Time:20260512T100000", zones=zones))
    assert event is not None
    assert event.starts.startswith("2026-05-12T")


@pytest.mark.django_db
def test_an_invitation_beside_plain_text_comes_with_the_message(arrives):
    invite = calendar("DTSTART:20260512T080000Z", "DTEND:20260512T090000Z", "SUMMARY:Fitting", "LOCATION:Hagagatan 1")
    raw = (
        "From: Carla <carla@post.example>\nTo: support@nordhem.example\nMessage-ID: <1@post.example>\n"
        "Subject: Fitting\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=c\n\n"
        "--c\nContent-Type: text/plain\n\n"
        f"Please come!\n--c\nContent-Type: text/calendar; method=REQUEST\n\n{invite}\n--c--\n"
    ).encode()
    assert parse(raw).text == "Please come!"
    message = arrives(raw).received.message
    message.refresh_from_db()
    assert message.invitation["title"] == "Fitting"
    assert message.invitation["starts"] == "2026-05-12T08:00:00+00:00"
    assert [file.filename for file in message.attachments.all()] == ["invite.ics"]
