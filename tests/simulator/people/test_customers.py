import random
from datetime import datetime, timedelta

import pytest

from customers.models import Identity
from foundation import clock
from simulator.enums import Folder
from simulator.mail import boxes
from simulator.mail.boxes import keep, read
from simulator.models import DemoMail
from simulator.people import customers
from simulator.world.rhythm import ZONE, liveliness

HOUR = timedelta(hours=1)


@pytest.fixture
def somebody(facts) -> str:
    return Identity.objects.filter(kind="email").values_list("value", flat=True)[5]


def gets(owner: str, number: int = 1, extra: str = "") -> DemoMail:
    raw = (
        f"From: Nordhem <support@nordhem.example>\r\nTo: {owner}\r\nSubject: Re: My order\r\n{extra}"
        f"Reply-To: support+abc@nordhem.example\r\nMessage-ID: <{number}@nordhem.example>\r\n\r\n"
        "It comes on Friday.\r\n"
    )
    return keep(raw.encode(), "support@nordhem.example", [owner])[0]


def let_them_answer(clock_hours: float = 3) -> None:
    customers.make_up_minds()
    with clock.stopped_at(clock.now() + timedelta(hours=clock_hours)):
        customers.answer_due(random.Random(1))


def test_they_write_as_often_as_the_rate_says(facts):
    written = customers.write_new(random.Random(3), 60, HOUR)
    assert 35 <= written <= 90
    letters = DemoMail.objects.filter(folder=Folder.SENT)
    assert letters.count() == written
    assert all(mail.recipient.endswith("@nordhem.example") and read(bytes(mail.raw)).text for mail in letters)
    assert len({mail.subject for mail in letters}) > written / 2
    assert {bool(read(bytes(mail.raw)).html) for mail in letters} == {True, False}


def test_at_rate_zero_nobody_writes(facts):
    assert customers.write_new(random.Random(3), 0, HOUR) == 0
    assert not DemoMail.objects.exists()


def test_many_of_them_answer_what_an_agent_wrote_and_each_at_most_once(somebody):
    for number in range(12):
        gets(somebody, number)
    let_them_answer()
    let_them_answer()
    answers = DemoMail.objects.filter(folder=Folder.SENT)
    assert 3 <= answers.count() <= 11
    assert answers.values("answers").distinct().count() == answers.count()
    assert {mail.recipient for mail in answers} == {"support+abc@nordhem.example"}
    assert all(read(bytes(mail.raw)).in_reply_to == (mail.answers.message_id,) for mail in answers)


def test_they_do_not_answer_robots(somebody):
    for number in range(12):
        gets(somebody, number, extra="Auto-Submitted: auto-replied\r\n")
    let_them_answer()
    assert not DemoMail.objects.filter(folder=Folder.SENT).exists()
    assert not DemoMail.objects.filter(considered_at=None).exists()


def test_they_leave_addresses_outside_their_world_to_people(facts):
    for number in range(12):
        gets("zoe@home.example", number)
    let_them_answer()
    assert not DemoMail.objects.filter(folder=Folder.SENT).exists()


def test_where_a_person_writes_by_hand_nobody_else_answers(somebody):
    for number in range(12):
        gets(somebody, number)
    customers.make_up_minds()
    boxes.write(somebody, "A person", "support@nordhem.example", "It is me", "Hello.", by_hand=True)
    let_them_answer()
    assert DemoMail.objects.filter(folder=Folder.SENT).count() == 1


@pytest.mark.parametrize(("hour", "share"), [(3, 0.2), (7, 0.57), (10, 1.0), (14, 1.0), (22, 0.57)])
def test_at_night_fewer_write(hour, share):
    assert liveliness(datetime(2026, 3, 10, hour, 30, tzinfo=ZONE)) == pytest.approx(share, abs=0.01)
