"""Which case a mail belongs to, and who may say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test.utils import override_settings

from channels_email.domain.compose import compose
from channels_email.domain.message_ids import own_message_id, read_own
from channels_email.domain.reply_address import case_number_in, reply_address
from channels_email.models import KnownMessageId
from foundation.keys import new_key
from interactions.domain.recipients import Recipients, derive_recipients, message_to_answer
from interactions.domain.reply import reply
from interactions.domain.status import set_status
from interactions.enums import CaseStatus, Party
from interactions.models import Case, Delivery, Message
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(arrives) -> Case:
    """Carla has written, and nobody has answered yet."""
    return arrives(letter()).raw.case


@pytest.fixture
def answer(case, ana):
    """Ana's answer to Carla, as it left."""
    message = reply(
        case.pk,
        channel="email",
        recipients=Recipients(to=[{"name": "Carla", "address": "carla@post.example"}]),
        html="<p>It is on its way.</p>",
        author=ana,
        answers=case.messages.get(),
    )
    composed = compose(message.delivery.pk)
    KnownMessageId.objects.create(value=composed.message_id, message=message, case=case, ours=True)
    return composed


def last() -> Message:
    return Message.objects.filter(direction="in").latest("occurred_at", "id")


def test_an_answer_to_the_signed_address_comes_to_its_case(arrives, answer, case):
    arrives(letter("Thank you!", to=answer.mail["Reply-To"], subject="Something else", message_id="<2@post.example>"))

    assert (last().case, last().party) == (case, Party.CUSTOMER)
    assert Case.objects.count() == 1


def test_a_signed_address_among_the_copies_counts_too(arrives, answer, case):
    arrives(letter("FYI", to="dev@mail.example", cc=answer.mail["Reply-To"], message_id="<2@post.example>"))

    assert last().case == case


def test_the_signed_address_is_shown_as_the_plain_one_and_never_answered_to(arrives, answer, case, support):
    arrives(letter("Thank you!", to=answer.mail["Reply-To"], cc="dev@mail.example", message_id="<2@post.example>"))

    assert [line["address"] for line in last().to] == ["support@nordhem.example"]
    derived = derive_recipients(case, last(), frozenset({support.address}))
    assert derived.addresses() == ["carla@post.example", "dev@mail.example"]


def test_an_answer_that_names_our_message_id_comes_to_its_case_and_to_the_message_it_answers(arrives, answer, case):
    arrives(letter("Thank you!", in_reply_to=answer.mail["Message-ID"], message_id="<2@post.example>"))

    assert last().case == case
    assert last().answers.direction == "out"


def test_references_alone_are_enough(arrives, answer, case):
    chain = f"<1@post.example> {answer.mail['Message-ID']} <lost@post.example>"
    arrives(letter("Thank you!", references=chain, message_id="<2@post.example>"))

    assert last().case == case


def test_a_second_mail_of_hers_that_answers_her_first_comes_to_the_same_case(arrives, case):
    arrives(letter("One more thing", in_reply_to="<1@post.example>", message_id="<2@post.example>"))

    assert (last().case, last().party) == (case, Party.CUSTOMER)


def test_the_number_in_the_subject_holds_for_the_customer(arrives, case):
    arrives(letter("And?", subject=f"Re: My order [#{case.number}]", message_id="<2@post.example>"))

    assert last().case == case


def test_a_stranger_with_a_leaked_case_number_gets_a_case_of_their_own(arrives, case):
    arrives(
        letter(
            "Send me everything you know about [it]",
            sender="mallory@evil.example",
            subject=f"Re: My order [#{case.number}]",
            message_id="<x@evil.example>",
        )
    )

    assert last().case != case
    assert last().case.customer != case.customer
    assert case.messages.count() == 1
    assert not case.participants.filter(address="mallory@evil.example").exists()


def test_a_stranger_with_a_leaked_signed_address_is_a_separate_flagged_party(arrives, answer, case):
    before = case.customer
    arrives(
        letter("I am Carla, believe me", sender="mallory@evil.example", to=answer.mail["Reply-To"], message_id="<x@e>")
    )

    assert (last().case, last().party) == (case, Party.STRANGER)
    case.refresh_from_db()
    assert case.customer == before
    assert case.participants.get(address="mallory@evil.example").stranger
    assert message_to_answer(case).sender_address == "carla@post.example"
    assert "mallory@evil.example" not in derive_recipients(case, message_to_answer(case), frozenset()).addresses()


def test_a_stranger_does_not_reopen_a_finished_case(arrives, answer, case):
    set_status(case.pk, CaseStatus.RESOLVED)
    arrives(letter("Hello?", sender="mallory@evil.example", to=answer.mail["Reply-To"], message_id="<x@e>"))

    case.refresh_from_db()
    assert case.status == CaseStatus.RESOLVED


def test_a_stranger_does_not_draw_a_customer_into_their_case_by_copying_a_message_id(arrives, case):
    """Mallory claims Carla's next Message-ID before she uses it; her own mails still find her own case."""
    arrives(letter("Mine", sender="mallory@evil.example", subject="Trap", message_id="<1@post.example>"))
    arrives(letter("One more thing", in_reply_to="<1@post.example>", message_id="<2@post.example>"))

    assert (last().case, last().party) == (case, Party.CUSTOMER)


def test_a_colleague_to_whom_an_agent_wrote_takes_part(arrives, case, ana):
    message = reply(
        case.pk,
        channel="email",
        recipients=Recipients(
            to=[{"name": "", "address": "carla@post.example"}], cc=[{"name": "Dev", "address": "Dev@mail.example"}]
        ),
        html="<p>Dev, can you say which colour?</p>",
        author=ana,
        answers=case.messages.get(),
    )
    sent = compose(message.delivery.pk)

    arrives(letter("Blue", sender="dev@mail.example", to=sent.mail["Reply-To"], message_id="<d@mail.example>"))

    assert (last().case, last().party) == (case, Party.PARTICIPANT)


def test_within_a_fortnight_of_closing_a_reply_reopens_and_later_it_opens_a_linked_case(tuesday, arrives, answer, case):
    set_status(case.pk, CaseStatus.CLOSED)
    tuesday.advance(timedelta(days=13))
    arrives(letter("It broke again", in_reply_to=answer.mail["Message-ID"], message_id="<2@post.example>"))
    case.refresh_from_db()
    assert (last().case, case.status) == (case, CaseStatus.OPEN)

    set_status(case.pk, CaseStatus.CLOSED)
    tuesday.advance(timedelta(days=15))
    arrives(letter("And again", in_reply_to=answer.mail["Message-ID"], message_id="<3@post.example>"))
    assert last().case != case
    assert last().case.previous == case


@pytest.mark.parametrize(
    "address",
    [
        "support+{number}.aaaaaaaaaaaaaaaa@nordhem.example",
        "support+{number}@nordhem.example",
        "support+{number}.@nordhem.example",
    ],
)
def test_an_address_whose_mark_is_not_ours_names_no_case(arrives, case, address):
    assert case_number_in(address.format(number=case.number)) is None
    arrives(letter("Hm", sender="m@evil.example", to=address.format(number=case.number), message_id="<x@e>"))
    assert last().case != case


def test_marks_survive_upper_case_and_a_change_of_the_secret(settings):
    address = reply_address(10123, "support@nordhem.example")
    message_id = own_message_id(new_key(), 10123, "nordhem.example")
    assert case_number_in(address.upper()) == 10123

    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert case_number_in(address) == 10123
        assert read_own(message_id).case_number == 10123
    with override_settings(SECRET_KEY="another"):
        assert case_number_in(address) is None
        assert read_own(message_id) is None


def test_the_mark_of_one_case_does_not_fit_another():
    address = reply_address(10123, "support@nordhem.example")
    forged = address.replace("+9wb.", "+9wc.")
    assert forged != address
    assert case_number_in(forged) is None


def test_an_address_too_long_to_be_signed_stays_as_it_is():
    base = f"{'x' * 60}@nordhem.example"
    assert reply_address(10123, base) == base


def test_our_own_mail_that_comes_back_is_ignored(arrives, answer):
    come_back = arrives(answer.mail.as_bytes())

    assert (come_back.raw.state, come_back.raw.reason) == ("ignored", "our own mail came back")


def test_mail_in_our_own_name_is_ignored_but_a_form_that_names_its_user_is_not(arrives, support):
    looped = arrives(letter(sender=support.address))
    form = arrives(letter(sender=support.address, reply_to="Dev Patel <dev@mail.example>", message_id="<f@shop>"))

    assert (looped.raw.state, looped.raw.reason) == ("ignored", "sent from an address of ours")
    assert form.raw.message.sender_address == "dev@mail.example"


def test_a_vacation_notice_is_shown_in_the_case_it_answers_and_changes_nothing_else(arrives, answer, case):
    set_status(case.pk, CaseStatus.RESOLVED)
    arrives(
        letter(
            "I am away until Monday.",
            subject="Out of office",
            in_reply_to=answer.mail["Message-ID"],
            auto_submitted="auto-replied",
            message_id="<a@post.example>",
        )
    )

    case.refresh_from_db()
    assert (last().case, last().automatic, case.status) == (case, True, CaseStatus.RESOLVED)


def test_a_vacation_notice_to_nobody_is_ignored(arrives):
    astray = arrives(letter("I am away.", subject="Out of office", auto_submitted="auto-replied"))

    assert (astray.raw.state, astray.raw.reason) == ("ignored", "automatic reply to nothing of ours")
    assert not Case.objects.exists()


BOUNCE = b"""From: MAILER-DAEMON@relay.example
To: support@nordhem.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b
MIME-Version: 1.0

--b
Content-Type: text/plain

Not delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; carla@post.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
--b
Content-Type: message/rfc822

Message-ID: %s
From: support@nordhem.example
Subject: Re: My order

--b--
"""


def test_a_bounce_fails_the_delivery_it_tells_of_where_the_agent_sees_it(arrives, answer, case):
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="sent")

    reported = arrives(BOUNCE % str(answer.mail["Message-ID"]).encode())

    delivery.refresh_from_db()
    assert (reported.raw.state, reported.raw.case) == ("ignored", case)
    assert delivery.state == "failed"
    assert "carla@post.example smtp; 550 5.1.1" in delivery.answer
    assert case.customer.identities.get().bounced_at is not None
    assert Case.objects.count() == 1


def test_a_bounce_of_a_mail_that_we_did_not_send_changes_nothing(arrives, answer, case):
    Delivery.objects.update(state="sent")

    arrives(BOUNCE % b"<0123456789abcdef0123456789abcdef.9wb.aaaaaaaaaaaaaaaa@nordhem.example>")

    assert Delivery.objects.get().state == "sent"
    assert case.customer.identities.get().bounced_at is None
