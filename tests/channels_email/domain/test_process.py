"""From the raw mail to the case, and the ledger that accounts for each."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from django.db import IntegrityError, OperationalError

from channels_email.domain import process as module
from channels_email.domain import understand as understanding
from channels_email.domain.parse import parse
from channels_email.domain.parsed import ParsedEmail
from channels_email.domain.process import process, take_up_again
from channels_email.domain.sweep import sweep_mails
from channels_email.domain.take_in import Origin, refuse, take_in
from channels_email.enums import Door, RawState
from channels_email.models import KnownMessageId, MailAlias, Mailbox, RawEmail
from customers.models import Customer
from foundation import bus, storage
from foundation.outbox.models import OutboxRow
from interactions.models import Attachment, Case, Message
from tests.channels_email.letters import letter
from tests.people import minutes

pytestmark = pytest.mark.django_db


def test_a_strangers_mail_becomes_a_case_of_the_mailboxs_queue(arrives, orders):
    processed = arrives(letter("Where is my order?\n\nCarla", subject="Order 4711"))

    message = Message.objects.get()
    assert processed.raw.state == RawState.MESSAGE
    assert (processed.raw.message, processed.raw.case) == (message, message.case)
    assert message.case.queue == orders
    assert message.case.subject == "Order 4711"
    assert message.reply_text.startswith("Where is my order?")
    assert message.customer.name == "Carla Nyström"
    assert KnownMessageId.objects.get().value == "1@post.example"


@pytest.mark.django_db(transaction=True)
def test_at_the_door_a_mail_and_the_word_of_it_are_one_statement(support, django_assert_num_queries):
    mail = letter().as_bytes()
    with django_assert_num_queries(1):
        taken = take_in(mail, Origin(door=Door.SMTP, sender="carla@post.example"))

    kept = RawEmail.objects.get()
    assert (kept.pk, bytes(kept.content), kept.state, kept.size) == (taken.pk, mail, RawState.RECEIVED, len(mail))
    assert kept.retry_at > kept.received_at
    assert bus.drain() > 0
    assert RawEmail.objects.get().state == RawState.MESSAGE


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_cannot_be_kept_leaves_no_word_of_it(support):
    origin = Origin(door=Door.WEBHOOK, receipt="the same request")
    take_in(letter().as_bytes(), origin)
    with pytest.raises(IntegrityError):
        take_in(letter().as_bytes(), origin)

    assert RawEmail.objects.count() == OutboxRow.objects.count() == 1


def test_an_alias_leads_to_its_own_queue(arrives, support, returns):
    MailAlias.objects.create(address="Returns@nordhem.example", mailbox=support, queue=returns)

    arrives(letter(to="returns@nordhem.example"))

    assert Case.objects.get().queue == returns


def test_the_envelope_says_better_than_the_header_whom_a_mail_is_for(arrives, support, returns):
    MailAlias.objects.create(address="returns@nordhem.example", mailbox=support, queue=returns)

    arrives(letter(to="undisclosed@elsewhere.example"), recipients=["returns@nordhem.example"])

    assert Case.objects.get().queue == returns


def test_a_mail_that_is_sent_once_more_is_a_duplicate(arrives):
    mail = letter()
    first = arrives(mail)
    again = arrives(b"Received: from relay.example; Tue, 10 Mar 2026 09:01:00 +0000\r\n" + mail.as_bytes())

    assert again.raw.state == RawState.DUPLICATE
    assert again.raw.message == first.raw.message
    assert Message.objects.count() == 1


def test_another_text_under_a_copied_message_id_is_a_message(arrives):
    arrives(letter("Where is my order?"))
    forged = arrives(letter("I am somebody else.", sender="mallory@evil.example"))

    assert forged.raw.state == RawState.MESSAGE
    assert Message.objects.count() == 2


def test_files_are_stored_once_and_typed_by_their_bytes(arrives):
    mail = letter()
    mail.add_attachment(b"%PDF-1.7 bill", "application", "octet-stream", filename="bill.pdf")
    arrives(mail)
    arrives(b"X-Again: yes\r\n" + mail.as_bytes())

    file = Attachment.objects.get()
    assert (file.filename, file.content_type, file.size) == ("bill.pdf", "application/pdf", 13)
    with storage.open(file.key) as stored:
        assert stored.read() == b"%PDF-1.7 bill"


def test_unparseable_bytes_are_quarantined_with_their_source_and_the_next_mail_goes_on(arrives):
    nonsense = bytes(range(128, 256)) * 20
    astray = arrives(nonsense, source="203.0.113.9")
    arrives(letter())

    kept = RawEmail.objects.get(pk=astray.raw.pk)
    assert kept.state == RawState.QUARANTINED
    assert kept.reason
    assert bytes(kept.content) == nonsense
    assert kept.source == "203.0.113.9"
    assert Message.objects.count() == 1


def test_a_mail_that_takes_for_ever_is_quarantined_and_the_next_one_goes_on(arrives, monkeypatch):
    def ponder(raw: bytes) -> ParsedEmail:
        if b"Endless" in raw:
            re.match(r"(?:a+)+$", "a" * 60 + "!")
        return parse(raw)

    monkeypatch.setattr("channels_email.domain.process.parse", ponder)
    monkeypatch.setattr("channels_email.domain.process.LONGEST", 0.05)
    endless = arrives(letter(subject="Endless"))
    assert (endless.raw.state, endless.received) == ("quarantined", None)
    assert "took too long to understand" in endless.raw.reason
    assert not Message.objects.exists()
    monkeypatch.setattr("channels_email.domain.process.LONGEST", 30)
    assert arrives(letter(subject="Short", message_id="<2@post.example>")).raw.state == "message"


def test_a_mail_that_breaks_our_code_is_quarantined_with_the_error_and_can_be_taken_up_again(arrives, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(module, "parse", broken)
    astray = arrives(letter())
    monkeypatch.undo()

    assert (astray.raw.state, astray.raw.error) == (RawState.QUARANTINED, "RecursionError: too deep")
    assert not Customer.objects.exists()
    assert take_up_again(astray.raw.pk)
    assert process(astray.raw.pk).raw.state == RawState.MESSAGE
    assert not take_up_again(astray.raw.pk)


def test_when_the_database_fails_in_the_middle_the_mail_stays_and_the_sweeper_makes_a_message_of_it(
    support, monkeypatch, tuesday
):
    raw = take_in(letter().as_bytes(), Origin(door=Door.SMTP), announce=False)

    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(understanding, "receive_all", away)
    with pytest.raises(OperationalError):
        process(raw.pk)
    tuesday.advance(minutes(2))
    assert sweep_mails() == 0
    raw.refresh_from_db()
    assert (raw.state, raw.attempts) == (RawState.RECEIVED, 1)
    assert not Customer.objects.exists()

    monkeypatch.undo()
    assert sweep_mails() == 0  # not before its pause is over
    tuesday.advance(minutes(2))
    assert sweep_mails() == 1
    assert Message.objects.count() == 1


def test_a_mail_that_kills_whoever_processes_it_waits_longer_each_time_and_lets_the_others_pass(
    support, monkeypatch, tuesday
):
    killer = take_in(letter("killer").as_bytes(), Origin(door=Door.SMTP), announce=False)
    take_in(letter(message_id="<2@post.example>").as_bytes(), Origin(door=Door.SMTP), announce=False)
    sound = module.parse

    def deadly(content: bytes) -> object:
        if b"killer" in content:
            raise SystemExit("killed")
        return sound(content)

    monkeypatch.setattr(module, "parse", deadly)
    tuesday.advance(minutes(2))
    with pytest.raises(SystemExit):
        sweep_mails()
    assert sweep_mails() == 1
    for _ in range(30):
        tuesday.advance(minutes(61))
        with suppress(SystemExit):
            sweep_mails()

    killer.refresh_from_db()
    assert (killer.state, killer.reason) == (RawState.QUARANTINED, "failed again and again")
    assert Message.objects.count() == 1


def test_a_mail_taken_in_by_a_door_is_understood_by_a_worker(support, django_capture_on_commit_callbacks):
    raw = take_in(letter().as_bytes(), Origin(door=Door.SMTP))
    assert raw.state == RawState.RECEIVED

    bus.drain()

    raw.refresh_from_db()
    assert raw.state == RawState.MESSAGE
    assert process(raw.pk) is None


def test_the_ledger_reconciles(arrives, tuesday):
    mail = letter()
    arrives(mail)
    arrives(mail)
    arrives(letter("I am away.", auto_submitted="auto-replied", message_id="<2@post.example>"))
    arrives(b"")
    refuse(Origin(door=Door.SMTP, source="203.0.113.9"), size=99_000_000, reason="too large")

    states = sorted(RawEmail.objects.values_list("state", flat=True))
    assert states == ["duplicate", "ignored", "message", "quarantined", "refused"]
    assert all(RawEmail.objects.exclude(state="message").values_list("reason", flat=True))
    assert Message.objects.count() == 1


def test_without_any_mailbox_a_mail_waits_in_quarantine(db):
    raw = take_in(letter().as_bytes(), Origin(door=Door.CLI), announce=False)

    assert process(raw.pk).raw.state == RawState.QUARANTINED
    assert "no mailbox" in RawEmail.objects.get().reason
    assert not Mailbox.objects.exists()


def test_what_a_database_cannot_hold_is_replaced(arrives):
    arrives(letter().as_bytes().replace(b"Where is my order?", b"Where\x00is my order?"))

    assert "Where" in Message.objects.get().text
