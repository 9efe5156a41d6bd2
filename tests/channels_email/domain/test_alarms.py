"""What stops moving is said; what moves is silent."""

from __future__ import annotations

import pytest

from channels_email.domain.alarms import LISTENER
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door
from channels_email.models import Mailbox
from foundation import bus
from foundation.alarms import Alarm, look, sounding, source
from foundation.heartbeat import beat
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from tests.channels_email.letters import letter
from tests.people import minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive(tuesday, support):
    """`alive(3)`: three minutes pass in which the listener gives signs of life."""

    def live(number: float) -> None:
        tuesday.advance(minutes(number))
        beat(LISTENER)

    live(0)
    return live


def test_in_a_house_where_all_turns_nothing_sounds(alive):
    assert sounding() == {}
    assert {"mail_waiting", "mailbox_unread", "mail_listener", "delivery_waiting"} <= look().keys()


def test_mails_that_nobody_understands_sound_until_they_are_understood(alive, tuesday):
    take_in(letter().as_bytes(), Origin(door=Door.SMTP))
    alive(4)
    assert sounding() == {}
    alive(2)
    alarm = sounding()["mail_waiting"]
    assert "1 mail is waiting" in alarm.words
    assert (tuesday.moment - alarm.since) == minutes(6)
    bus.drain()
    assert sounding() == {}


def test_an_answer_that_is_due_and_not_sent_sounds(alive, sink, arrives, ana):
    case = arrives(letter()).raw.case
    to = Recipients(to=[{"name": "", "address": "carla@post.example"}])
    reply(case.pk, channel="email", recipients=to, html="<p>Tomorrow.</p>", author=ana, undo_seconds=0)
    alive(3)
    assert "1 answer is due" in sounding()["delivery_waiting"].words
    bus.drain()
    assert "delivery_waiting" not in sounding()


def test_a_mailbox_that_nobody_looks_into_sounds_with_the_reason(alive, support, tuesday):
    Mailbox.objects.update(imap_host="imap.example", read_at=tuesday.moment, trouble="the password is wrong")
    alive(11)
    assert sounding() == {}
    alive(2)
    assert (
        "No mail is fetched from support@nordhem.example. the password is wrong" in sounding()["mailbox_unread"].words
    )
    Mailbox.objects.update(active=False)
    assert sounding() == {}


def test_a_listener_without_a_sign_of_life_sounds(alive, tuesday):
    tuesday.advance(minutes(2))
    assert "no sign of life" in sounding()["mail_listener"].words


def test_two_sources_of_one_name_are_a_mistake():
    def other() -> Alarm | None:
        return None

    with pytest.raises(ValueError):
        source("mail_waiting")(other)
