"""Copies over a real SMTP server: hidden ones stand nowhere, a refused one is told apart, and nobody gets it twice."""

from email import message_from_bytes

import pytest

from interactions.domain.deliver import deliver, resend
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db

ALL = Recipients(
    to=[{"name": "Carla", "address": "carla@post.example"}],
    cc=[{"name": "", "address": "bo@post.example"}],
    bcc=[{"name": "Boss", "address": "boss@nordhem.example"}],
)


def test_a_refused_copy_and_a_hidden_one(arrives, sink, ana):
    case = arrives(letter()).raw.case
    sink.answers["bo@post.example"] = "550 5.1.1 No such user"
    message = reply(case.pk, channel="email", recipients=ALL, html="<p>Soon</p>", author=ana, undo_seconds=0)
    delivery = deliver(message.delivery.pk)
    assert (delivery.state, list(delivery.recipients.values_list("role", "state"))) == (
        "sent", [("to", "sent"), ("cc", "failed"), ("bcc", "sent")],
    )  # fmt: skip
    assert "No such user" in delivery.recipients.get(role="cc").answer
    assert sink.envelopes[0][1] == ["carla@post.example", "boss@nordhem.example"]
    assert b"boss" not in sink.received[0].lower()

    resend(delivery.pk, ana)
    assert deliver(delivery.pk).state == "failed"  # still refused, and for good: nobody is left to try
    sink.answers.clear()
    resend(delivery.pk, ana)
    assert deliver(delivery.pk).state == "sent"
    assert sink.envelopes[1][1] == ["bo@post.example"]
    first, again = (message_from_bytes(content) for content in sink.received)
    assert (first["Message-ID"], first["To"], first["Cc"]) == (again["Message-ID"], again["To"], again["Cc"])
