"""What a report on Ana's answer does to it, to her case, and to what is known of Carla's address."""

from __future__ import annotations

import pytest

from channels_email.domain.compose import Composed, compose
from channels_email.domain.process import process, take_up_again
from customers.enums import Purpose
from customers.models import Consent, Identity
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.domain.status import set_status
from interactions.enums import CaseStatus
from interactions.models import Case, Delivery, Message, Participant
from tests.channels_email.letters import letter
from tests.people import minutes

pytestmark = pytest.mark.django_db

FIELDS = (
    "Final-Recipient: rfc822; carla@post.example\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {words}\n"
)


@pytest.fixture
def case(arrives) -> Case:
    return arrives(letter()).raw.case


@pytest.fixture
def answer(case, ana) -> Composed:
    """Ana's answer to Carla, which has left."""
    message = reply(
        case.pk,
        channel="email",
        recipients=Recipients(to=[{"name": "Carla", "address": "carla@post.example"}]),
        html="<p>It is on its way.</p>",
        author=ana,
        answers=case.messages.get(),
    )
    Delivery.objects.update(state="sent")
    return compose(message.delivery.pk)


def report(answer: Composed, action: str = "failed", status: str = "5.1.1", words: str = "550 no such user") -> bytes:
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nTo: support@nordhem.example\nSubject: Undelivered Mail\n"
        'Message-ID: <r1@relay.example>\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; relay.example\n\n"
        f"{FIELDS.format(action=action, status=status, words=words)}"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {answer.mail['Message-ID']}\nSubject: Re\n\n--b--\n"
    ).encode()


def carla() -> Identity:
    return Identity.objects.get(value="carla@post.example")


def test_a_failure_for_good_marks_the_address_with_the_servers_words_and_opens_the_waiting_case(arrives, answer, case):
    arrives(report(answer))

    delivery = Delivery.objects.get()
    case.refresh_from_db()
    assert delivery.state == "failed"
    assert delivery.answer.startswith("Came back: carla@post.example 5.1.1 smtp; 550 no such user")
    assert case.status == CaseStatus.OPEN
    assert case.changes.latest("created_at").reason == "the answer came back"
    assert carla().bounced_at is not None
    assert "no such user" in carla().bounce_reason
    assert (Case.objects.count(), Message.objects.filter(direction="in").count()) == (1, 1)


def test_a_full_mailbox_fails_the_delivery_and_leaves_the_address_alone(arrives, answer):
    arrives(report(answer, status="5.2.2", words="552 5.2.2 mailbox full"))

    assert Delivery.objects.get().state == "failed"
    assert (
        "it may be sent again later: carla@post.example smtp; 552 5.2.2 mailbox full" in Delivery.objects.get().answer
    )
    assert carla().bounced_at is None


def test_a_delay_is_told_and_a_failure_that_follows_counts(arrives, answer, case):
    arrives(report(answer, action="delayed", status="4.4.1", words="connection timed out"))
    delivery = Delivery.objects.get()
    case.refresh_from_db()
    assert (delivery.state, case.status) == ("delayed", CaseStatus.WAITING_CUSTOMER)
    assert delivery.answer == "carla@post.example 4.4.1 smtp; connection timed out"
    row = delivery.recipients.get()
    assert (row.state, row.answer) == ("delayed", "4.4.1 smtp; connection timed out")

    arrives(report(answer, status="4.4.7", words="delivery time expired").replace(b"<r1@", b"<r2@"))
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert [step.state for step in delivery.steps.order_by("created_at")][-2:] == ["delayed", "failed"]
    assert carla().bounced_at is None


def test_a_report_in_mere_words_is_tied_to_the_answer_by_the_signed_address_it_came_to(arrives, answer):
    words = (
        "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nSubject: failure notice\n"
        "Message-ID: <r1@relay.example>\n\n"
        "Hi. This is the qmail-send program at relay.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
        "<carla@post.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
    )

    arrives(words.encode(), recipients=[answer.sender])

    assert Delivery.objects.get().state == "failed"
    assert carla().bounced_at is not None


@pytest.mark.parametrize("kind", ["failure", "complaint"])
def test_what_a_third_party_reports_to_the_address_it_was_given_tells_nothing_of_the_customer(
    arrives, answer, case, kind
):
    Participant.objects.create(
        case=case, kind="email", address="evil@carrier.example", third_party=True, customer=case.customer
    )
    ours = answer.mail["Message-ID"].encode()
    told = (report(answer) if kind == "failure" else complaint(answer)).replace(ours, b"<r9@carrier.example>")
    arrives(told, recipients=[answer.sender])

    assert Delivery.objects.get().state == "sent"
    assert carla().bounced_at is None
    assert not Consent.objects.filter(customer=case.customer, granted=False).exists()
    assert not case.changes.filter(reason="the answer came back").exists()


def test_a_report_that_renames_the_only_recipient_is_about_that_one(arrives, answer):
    arrives(report(answer).replace(b"rfc822; carla@post.example", b"rfc822; cn4711@backend.example"))

    assert Delivery.objects.get().answer.startswith("Came back: carla@post.example")
    assert carla().bounced_at is not None


@pytest.mark.parametrize("forgery", ["another Message-ID", "another mark"])
def test_a_report_without_proof_changes_nothing(arrives, answer, case, forgery):
    ours = answer.mail["Message-ID"].encode()
    name, at, domain = ours.partition(b"@")
    forged = b"<invented@nordhem.example>" if forgery == "another Message-ID" else name[:-16] + b"a" * 16 + at + domain

    told = arrives(report(answer).replace(ours, forged))

    assert (told.raw.state, told.raw.reason) == ("ignored", "report on a mail that is none of ours")
    assert told.raw.case is None
    assert Delivery.objects.get().state == "sent"
    assert carla().bounced_at is None
    assert not case.changes.filter(reason="the answer came back").exists()


def test_two_reports_on_one_mail_are_one_failure(arrives, answer):
    arrives(report(answer))
    first = carla().bounced_at
    arrives(report(answer).replace(b"<r1@", b"<r2@"))

    assert Delivery.objects.get().steps.filter(state="failed").count() == 1
    assert carla().bounced_at == first


def test_whoever_writes_again_is_reachable_again_but_not_by_a_responder(arrives, answer, case):
    arrives(report(answer))
    arrives(
        letter(
            "Away", auto_submitted="auto-replied", in_reply_to=answer.mail["Message-ID"], message_id="<2@post.example>"
        )
    )
    assert carla().bounced_at is not None

    arrives(letter("My box works again.", message_id="<3@post.example>"))
    assert (carla().bounced_at, carla().bounce_reason) == (None, "")


def test_a_report_that_is_processed_again_marks_nobody_who_wrote_since(arrives, answer, tuesday):
    told = arrives(report(answer)).raw
    tuesday.advance(minutes(5))
    arrives(letter("My box works again.", message_id="<3@post.example>"))
    assert take_up_again(told.pk)
    process(told.pk)

    told.refresh_from_db()
    assert (told.state, carla().bounced_at) == ("ignored", None)


def complaint(answer: Composed, kind: str = "abuse") -> bytes:
    return (
        "From: feedback@isp.example\nTo: abuse@nordhem.example\nSubject: complaint\nMessage-ID: <c1@isp.example>\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nx\n"
        f"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nVersion: 1\n\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {answer.mail['Message-ID']}\n"
        "To: carla@post.example\n\nHi\n--b--\n"
    ).encode()


def test_a_complaint_withdraws_consent_to_all_but_answers(arrives, answer, case):
    told = arrives(complaint(answer))

    assert told.raw.reason == "complaint about a mail of ours"
    assert told.raw.case == case
    consents = Consent.objects.filter(customer=case.customer)
    assert {consent.purpose: consent.granted for consent in consents} == {
        Purpose.MARKETING: False,
        Purpose.SURVEY: False,
    }
    assert Delivery.objects.get().state == "sent"
    assert carla().complained_at is not None
    assert case.changes.get(kind="complaint").after == "carla@post.example"


def test_a_second_complaint_in_a_case_says_nothing_new_and_one_without_proof_says_nothing(arrives, answer, case):
    forged = complaint(answer).replace(answer.mail["Message-ID"].encode(), b"<invented@nordhem.example>")
    assert arrives(forged.replace(b"<c1@", b"<c0@")).raw.reason == "report on a mail that is none of ours"
    assert carla().complained_at is None
    assert not case.changes.filter(kind="complaint").exists()
    arrives(complaint(answer))
    first = carla().complained_at
    arrives(complaint(answer).replace(b"<c1@", b"<c2@"))
    assert carla().complained_at == first
    assert case.changes.filter(kind="complaint").count() == 1


def test_the_reason_of_a_report_in_words_is_told_once(arrives, answer):
    words = (
        "Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@relay.example>\n"
        "X-Failed-Recipients: carla@post.example\nSubject: Mail delivery failed: returning message to sender\n"
        "Message-ID: <r1@relay.example>\n\n"
        "This message was created automatically by mail delivery software.\n\n"
        "A message that you sent could not be delivered to one or more of its\n"
        "recipients. This is a permanent error. The following address(es) failed:\n\n"
        "  carla@post.example\n    host mx.post.example [192.0.2.1]\n"
        "    SMTP error from remote mail server after RCPT TO:<carla@post.example>:\n"
        "    550 5.1.1 <carla@post.example>: no such mailbox\n"
    )
    arrives(words.encode(), recipients=[answer.sender])
    told = Delivery.objects.get().answer
    assert told.count("no such mailbox") == 1
    assert told.count("5.1.1") == 1
    assert told.startswith("Came back: carla@post.example ")


def test_who_is_told_to_wait_stays_apart_from_who_failed(arrives, case, ana):
    boxes = [{"name": "", "address": f"{name}@post.example"} for name in ("carla", "carl")]
    message = reply(case.pk, channel="email", recipients=Recipients(to=boxes), html="<p>Hi</p>", author=ana)
    Delivery.objects.update(state="sent")
    message.delivery.recipients.update(state="sent")
    sent = compose(message.delivery.pk)
    arrives(report(sent, action="delayed", status="4.4.1", words="timed out"))
    arrives(report(sent).replace(b"rfc822; carla@", b"rfc822; carl@").replace(b"<r1@", b"<r2@"))
    states = dict(message.delivery.recipients.values_list("address", "state"))
    assert states == {"carla@post.example": "delayed", "carl@post.example": "failed"}
    assert compose(message.delivery.pk).to == ("carl@post.example",)


def test_a_report_that_takes_spam_back_withdraws_nothing(arrives, answer):
    arrives(complaint(answer, kind="not-spam"))

    assert not Consent.objects.exists()


def test_an_automatic_answer_without_a_mark_is_shown_as_one_and_reopens_nothing(arrives, answer, case):
    set_status(case.pk, CaseStatus.RESOLVED)

    arrives(
        letter(
            "Thank you for your message. I am out of the office until Monday and will reply on my return.",
            subject="Re: My order",
            in_reply_to=answer.mail["Message-ID"],
            message_id="<2@post.example>",
        )
    )

    case.refresh_from_db()
    assert case.status == CaseStatus.RESOLVED
    assert case.messages.latest("occurred_at", "created_at").automatic


def test_what_only_sounds_automatic_and_answers_nothing_of_ours_is_somebodys_request(arrives):
    told = arrives(
        letter("Thank you for your mail. I am on vacation until Monday. Contact me then.", subject="Re: Sofa")
    )

    assert told.raw.state == "message"
    assert not Message.objects.get().automatic
