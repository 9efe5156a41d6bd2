"""The ledger adds up, and says where it does not."""

from __future__ import annotations

from datetime import date

import pytest

from channels_email.domain.access import readable_mails
from channels_email.domain.ledger import Narrowing, count_days, count_reasons, list_mails
from channels_email.domain.reconcile import differences
from channels_email.domain.take_in import Origin, refuse, take_in
from channels_email.enums import Door, RawState
from channels_email.models import RawEmail
from interactions.errors import NotAllowed
from interactions.models import Message
from tests.channels_email.letters import letter
from tests.people import minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(tuesday) -> Narrowing:
    return Narrowing(first=date(2026, 3, 9), last=date(2026, 3, 10), zone="Europe/Stockholm")


@pytest.fixture
def a_morning(asked, arrives, tuesday, support) -> None:
    """Two mails, one of them twice, a report, something that is no mail, and one too large."""
    arrives(letter())
    arrives(letter())
    arrives(letter("And the legs?", message_id="<2@post.example>", sender="dev@mail.example"))
    arrives(letter(sender="support@nordhem.example", message_id="<3@post.example>"))
    arrives(b"")
    refuse(Origin(door=Door.SMTP, sender="mallory@evil.example"), size=10**9, reason="larger than we take")


def test_what_came_is_counted_by_day_door_and_what_became_of_it(a_morning, asked, ada):
    (day,) = count_days(readable_mails(ada), asked)
    assert (day.day, day.door, day.received) == (date(2026, 3, 10), "smtp", 6)
    assert day.states == {"message": 2, "duplicate": 1, "ignored": 1, "quarantined": 1, "refused": 1}
    assert ("ignored", "sent from an address of ours", 1) in count_reasons(readable_mails(ada), asked)
    assert differences(readable_mails(ada), asked) == []


def test_a_day_begins_at_the_readers_midnight(asked, tuesday, arrives, ada):
    tuesday.advance(-minutes(10 * 60 + 5))  # five to midnight of the day before, in Stockholm
    arrives(letter())
    assert [day.day for day in count_days(readable_mails(ada), asked)] == [date(2026, 3, 9)]


def test_each_kind_of_difference_is_found_and_points_at_its_mail(a_morning, asked, ada, tuesday):
    became, other = RawEmail.objects.filter(state=RawState.MESSAGE).order_by("received_at", "id")
    duplicate = RawEmail.objects.get(state=RawState.DUPLICATE)
    ignored = RawEmail.objects.get(state=RawState.IGNORED)
    forgotten = take_in(letter("Hello?", message_id="<9@post.example>").as_bytes(), Origin(door=Door.SMTP))
    RawEmail.objects.filter(pk=became.pk).update(message=None)
    RawEmail.objects.filter(pk=duplicate.pk).update(message=None)
    RawEmail.objects.filter(pk=ignored.pk).update(reason="")
    tuesday.advance(minutes(6))

    found = differences(readable_mails(ada), asked)

    assert {each.raw for each in found if each.raw} == {became.pk, duplicate.pk, ignored.pk, forgotten.pk}
    orphan = next(each for each in found if each.message)
    assert Message.objects.get(pk=orphan.message).case_id == became.case_id
    RawEmail.objects.filter(pk=became.pk).update(message=other.message)
    assert any(
        each.message == other.message_id and "2 mails" in each.words for each in differences(readable_mails(ada), asked)
    )


def test_pages_follow_each_other_without_a_gap_and_narrowed_to_what_is_asked(a_morning, asked, ada):
    mails = readable_mails(ada)
    first = list_mails(mails, asked, size=4)
    rest = list_mails(mails, asked, before=first.older, size=4)
    seen = [mail.pk for mail in (*first.mails, *rest.mails)]
    assert len(seen) == len(set(seen)) == 6
    assert rest.older is None

    def narrowed(**more: str) -> int:
        return len(list_mails(mails, Narrowing(first=asked.first, last=asked.last, **more)).mails)

    assert narrowed(state="ignored") == narrowed(sender="mallory@") == 1
    assert narrowed(door="imap") == 0


def test_nobody_but_administrators_reads_it(a_morning, ana, sol):
    for agent in (ana, sol):
        with pytest.raises(NotAllowed):
            readable_mails(agent)


def test_a_narrowing_survives_being_kept(asked):
    assert Narrowing.from_json(asked.as_json()) == asked
