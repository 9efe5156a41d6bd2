"""A customer writes by SMTP, an agent answers, the answer arrives elsewhere, and the customer writes back."""

from __future__ import annotations

import smtplib

import pytest

from channels_email.models import KnownMessageId
from foundation import bus
from interactions.domain.recipients import Recipients, derive_recipients, message_to_answer
from interactions.domain.reply import reply
from interactions.models import Case, Delivery
from interactions.tasks import release_due_deliveries
from tests.channels_email.letters import letter
from tests.people import minutes

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mail_comes_in_is_acknowledged_answered_and_the_reply_comes_to_the_same_case(
    tuesday, smtp_port, sink, support, ana
):
    first = letter()
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as client:
        client.send_message(first)
    bus.drain()
    case = Case.objects.get()

    acknowledgement = sink.mails()[0]
    assert acknowledgement["To"] == "Carla Nyström <carla@post.example>"
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert acknowledgement["In-Reply-To"] == first["Message-ID"]
    assert f"its number with us is #{case.number}" in acknowledgement.get_body(("plain",)).get_content().replace(
        "\n", " "
    )
    assert sink.envelopes[0] == ("<>", ["carla@post.example"])

    answered = message_to_answer(case)
    recipients = derive_recipients(case, answered, frozenset({support.address}))
    reply(case.pk, channel="email", recipients=recipients, html="<p>Tomorrow.</p>", author=ana, answers=answered)
    bus.drain()
    assert len(sink.received) == 1  # held, so that she may take it back
    tuesday.advance(minutes(1))
    release_due_deliveries()
    bus.drain()

    answer = sink.mails()[1]
    assert answer["In-Reply-To"] == first["Message-ID"]
    assert answer["References"].split()[0] == first["Message-ID"]
    assert answer["Message-ID"].strip("<>") == Delivery.objects.get(message__kind="message").external_id
    assert KnownMessageId.objects.filter(value=answer["Message-ID"].strip("<>"), ours=True).exists()
    assert sink.envelopes[1] == (answer["Reply-To"].addresses[0].addr_spec, ["carla@post.example"])

    again = letter(
        "Great, thank you!",
        to=str(answer["Reply-To"]),
        subject=str(answer["Subject"]),
        in_reply_to=str(answer["Message-ID"]),
        message_id="<2@post.example>",
    )
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as client:
        client.send_message(again)
    bus.drain()

    assert Case.objects.get() == case
    assert case.messages.filter(direction="in").count() == 2
    assert len(sink.received) == 2  # nobody is acknowledged twice


def test_one_refused_copy_does_not_keep_the_answer_from_the_others_and_is_told(arrives, sink, ana):
    sink.answers["dev@mail.example"] = "550 5.1.1 No such user"
    case = arrives(letter()).raw.case
    message = reply(
        case.pk,
        channel="email",
        recipients=Recipients(
            to=[{"name": "", "address": "carla@post.example"}], cc=[{"name": "", "address": "dev@mail.example"}]
        ),
        html="<p>Tomorrow.</p>",
        author=ana,
        undo_seconds=0,
    )
    bus.drain()

    delivery = Delivery.objects.get(message=message)
    assert delivery.state == "sent"
    assert "Not to dev@mail.example: 550 5.1.1 No such user" in delivery.answer
    assert ["carla@post.example"] in [recipients for _, recipients in sink.envelopes]


def test_when_the_customer_is_refused_nobody_gets_it_and_the_agent_sees_the_servers_words(arrives, sink, ana):
    sink.answers["carla@post.example"] = "550 5.1.1 No such user"
    case = arrives(letter()).raw.case
    message = reply(
        case.pk,
        channel="email",
        recipients=Recipients(
            to=[{"name": "", "address": "carla@post.example"}], cc=[{"name": "", "address": "dev@mail.example"}]
        ),
        html="<p>Tomorrow.</p>",
        author=ana,
        undo_seconds=0,
    )
    bus.drain()

    delivery = Delivery.objects.get(message=message)
    assert (delivery.state, delivery.answer) == ("failed", "carla@post.example: 550 5.1.1 No such user")
    assert sink.received == []


def test_a_line_that_begins_with_a_dot_arrives_as_it_was_written(arrives, sink, ana):
    case = arrives(letter()).raw.case
    reply(
        case.pk,
        channel="email",
        recipients=Recipients(to=[{"name": "", "address": "carla@post.example"}]),
        html="<p>.</p><p>..two</p><p>end</p>",
        author=ana,
        undo_seconds=0,
    )
    bus.drain()

    text = next(mail for mail in sink.mails() if not mail["Auto-Submitted"]).get_body(("plain",)).get_content()
    assert text.splitlines()[:5] == [".", "", "..two", "", "end"]
