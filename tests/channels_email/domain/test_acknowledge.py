"""Who is told that we have their mail, when, and who never is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from channels_email.domain.acknowledge import acknowledge, acknowledge_interaction, acknowledge_overdue
from channels_email.domain.compose import compose
from channels_email.domain.process import Processed
from channels_email.models import Acknowledgement
from foundation import clock
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.domain.wait import expect, wait
from interactions.models import Case, Message
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_tuesday(tuesday):
    """Ten o'clock in Stockholm, on a working day."""
    return tuesday


def said(case: Case) -> Message:
    return case.messages.get(kind="acknowledgement")


def told_how_long(processed: Processed, by: datetime, **figures: object) -> None:
    """What routing says once it has looked at the waiting interaction."""
    message = processed.raw.message
    record = wait(message.interaction, message.case)
    expect(record, by, {"method": "computed", "agents_present": 3, **figures})
    acknowledge_interaction(message.interaction_id)


def test_a_customer_is_told_number_subject_time_and_other_ways(arrives, tuesday):
    processed = arrives(letter())

    told_how_long(processed, clock.now() + timedelta(hours=5, minutes=20))

    text = said(processed.raw.case).text
    assert text.startswith("Hello Carla,")
    assert f"“My order”; its number with us is #{processed.raw.case.number}" in text
    assert "You can expect our answer today before 16:00." in text
    assert "Phone: +46 8 123 45 67, Monday to Friday 09:00–17:00" in text
    row = Acknowledgement.objects.get()
    assert (row.state, row.situation, row.message) == ("written", "normal", said(processed.raw.case))
    assert row.inputs["figures"]["agents_present"] == 3
    assert row.inputs["given_name"] == "Carla"


def test_a_double_backlog_a_holiday_and_nobody_present_are_told_as_they_are(arrives, tuesday, weekdays):
    busy = arrives(letter("1", message_id="<1@post.example>"))
    told_how_long(busy, clock.now() + timedelta(hours=6), usual_seconds=7200.0)
    nobody = arrives(letter("2", sender="dev@mail.example", message_id="<2@mail.example>"))
    told_how_long(nobody, clock.now() + timedelta(days=1), nobody_present=True, method="stated")
    tuesday.moment = datetime.fromisoformat("2026-05-01T09:00+02:00")
    closed = arrives(letter("3", sender="zoe@post.example", message_id="<3@post.example>"))
    told_how_long(closed, datetime.fromisoformat("2026-05-04T09:40+02:00"), closed_for="Första maj")

    assert "takes longer than usual. You can expect our answer today before 16:00." in said(busy.raw.case).text
    assert "Right now none of us is available. We aim to answer tomorrow (Wednesday)" in said(nobody.raw.case).text
    assert (
        "We are closed today (Första maj) and open again on Monday 4 May at 09:00. "
        "You can expect our answer on Monday 4 May before 10:00."
    ) in said(closed.raw.case).text
    assert "(closed today, Första maj)" in said(closed.raw.case).text
    assert list(Acknowledgement.objects.order_by("created_at").values_list("situation", flat=True)) == [
        "busy",
        "nobody",
        "holiday",
    ]


def test_when_nobody_says_how_long_it_is_told_the_stated_target_after_20_seconds(arrives, tuesday):
    processed = arrives(letter())
    tuesday.advance(timedelta(seconds=19))
    assert acknowledge_overdue() == 0
    tuesday.advance(timedelta(seconds=1))
    assert acknowledge_overdue() == 1

    assert (
        "We aim to answer tomorrow (Wednesday) before 10:00." in said(processed.raw.case).text
    )  # eight business hours
    assert acknowledge_overdue() == 0


def test_it_is_told_once_however_often_and_by_whomever_it_is_asked_for(arrives):
    processed = arrives(letter())
    told_how_long(processed, clock.now() + timedelta(hours=1))
    told_how_long(processed, clock.now() + timedelta(hours=2))
    assert not acknowledge(Acknowledgement.objects.get().pk)

    arrives(letter("And?", in_reply_to="<1@post.example>", message_id="<2@post.example>"))

    assert Acknowledgement.objects.count() == 1
    assert processed.raw.case.messages.filter(kind="acknowledgement").count() == 1


def test_the_mail_says_of_itself_that_it_is_automatic_and_nothing_can_answer_its_envelope(arrives):
    processed = arrives(letter())
    told_how_long(processed, clock.now() + timedelta(hours=1))

    composed = compose(said(processed.raw.case).delivery.pk)

    assert composed.mail["Auto-Submitted"] == "auto-replied"
    assert composed.mail["X-Auto-Response-Suppress"] == "All"
    assert composed.mail["In-Reply-To"] == "<1@post.example>"
    assert composed.sender == ""
    assert composed.mail["Subject"] == f"Re: My order [#{processed.raw.case.number}]"
    assert composed.to == ("carla@post.example",)


def test_a_sender_gets_at_most_so_many_a_day(arrives, orders, tuesday):
    orders.acknowledgements_per_day = 2
    orders.save()
    for number in range(3):
        processed = arrives(letter(f"Message {number}", message_id=f"<{number}@post.example>"))
        told_how_long(processed, clock.now() + timedelta(hours=1))

    assert Message.objects.filter(kind="acknowledgement").count() == 2
    assert Acknowledgement.objects.get(state="skipped").reason == "2 acknowledgements within a day"

    tuesday.advance(timedelta(days=1, minutes=1))
    processed = arrives(letter("Next day", message_id="<9@post.example>"))
    told_how_long(processed, clock.now() + timedelta(hours=1))
    assert Message.objects.filter(kind="acknowledgement").count() == 3


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"auto_submitted": "auto-generated"}, "automatic mail"),
        ({"list_id": "<friends.example>"}, "mailing list"),
        ({"list_unsubscribe": "<https://list.example/leave>"}, "mailing list"),
        ({"precedence": "bulk"}, "bulk mail"),
        ({"x_auto_response_suppress": "DR, AutoReply"}, "the sender asks for none"),
        ({"return_path": "<>"}, "no return path"),
        ({"sender": "no-reply@shop.example"}, "robot"),
        ({"sender": "friends-request@list.example"}, "robot"),
    ],
)
def test_lists_and_robots_are_never_answered(arrives, fields, why):
    processed = arrives(letter(**fields))

    assert processed.raw.state == "message"
    assert processed.raw.silence == why
    assert not processed.raw.message.automatic  # a person may have written it, so agents get to see it
    assert not Acknowledgement.objects.exists()


def test_strangers_in_somebody_elses_case_are_never_answered(arrives):
    arrives(letter())
    arrives(letter("Hm", sender="m@evil.example", in_reply_to="<1@post.example>", message_id="<x@evil.example>"))

    assert [row.sender for row in Acknowledgement.objects.all()] == ["carla@post.example"]


def test_it_is_left_out_when_an_agent_was_quicker(arrives, ana):
    processed = arrives(letter())
    reply(
        processed.raw.case.pk,
        channel="email",
        recipients=Recipients(to=[{"name": "", "address": "carla@post.example"}]),
        html="<p>It is on its way.</p>",
        author=ana,
        answers=processed.raw.message,
    )
    told_how_long(processed, clock.now() + timedelta(hours=1))

    assert Acknowledgement.objects.get().reason == "an agent has answered already"
    assert not Message.objects.filter(kind="acknowledgement").exists()


def test_a_queue_may_choose_not_to(arrives, orders):
    orders.acknowledges = False
    orders.save()
    processed = arrives(letter())
    told_how_long(processed, clock.now() + timedelta(hours=1))

    assert Acknowledgement.objects.get().state == "skipped"
    assert not Message.objects.filter(kind="acknowledgement").exists()


def test_two_responders_do_not_keep_each_other_busy(arrives):
    """Our acknowledgement reaches a responder; its notice comes back; nothing goes out any more."""
    processed = arrives(letter())
    told_how_long(processed, clock.now() + timedelta(hours=1))
    ours = compose(said(processed.raw.case).delivery.pk).mail
    before = Message.objects.filter(direction="out").count()

    arrives(
        letter(
            "I am away.",
            subject="Automatic reply: My order",
            to=ours["Reply-To"],
            auto_submitted="auto-replied",
            message_id="<a@post.example>",
        )
    )

    assert Message.objects.filter(direction="out").count() == before
    assert Acknowledgement.objects.count() == 1
