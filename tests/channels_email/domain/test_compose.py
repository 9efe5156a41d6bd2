"""The mail that leaves."""

from __future__ import annotations

import pytest

from channels_email.domain.compose import CannotCompose, compose
from channels_email.domain.own_addresses import NoMailbox
from channels_email.models import KnownMessageId, Mailbox
from foundation import storage
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.models import Attachment, Case, Draft, Message
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db

CARLA = {"name": "Carla Nyström", "address": "carla@post.example"}


@pytest.fixture
def case(arrives) -> Case:
    return arrives(letter("Where is my order?\n\nCarla")).raw.case


@pytest.fixture
def answers(case, ana):
    """`answers("<p>…</p>")`: Ana's answer, composed."""

    def answer(html: str = "<p>It is on its <b>way</b>.</p>", **options: object):
        options.setdefault("recipients", Recipients(to=[CARLA]))
        options.setdefault("answers", case.messages.filter(direction="in").first())
        message = reply(case.pk, channel="email", html=html, author=ana, **options)
        return compose(message.delivery.pk)

    return answer


@pytest.fixture
def attached(case, ana):
    def attach(content: bytes, filename: str, **fields: object) -> Attachment:
        draft, _ = Draft.objects.get_or_create(case=case, agent=ana, kind="reply")
        kept = storage.store(content)
        return Attachment.objects.create(
            draft=draft,
            uploaded_by=ana,
            filename=filename,
            content_type=kept.content_type,
            size=kept.size,
            sha256=kept.sha256,
            key=kept.key,
            **fields,
        )

    return attach


def test_an_answer_goes_out_as_text_and_html_with_signature_and_threaded(answers, case):
    composed = answers(quotes=True)
    mail = composed.mail

    assert mail["From"] == '"Ana Lindqvist (Nordhem)" <support@nordhem.example>'
    assert mail["Subject"] == f"Re: My order [#{case.number}]"
    assert mail["In-Reply-To"] == mail["References"] == "<1@post.example>"
    assert mail["Auto-Submitted"] is None
    assert composed.sender.startswith("support+")
    assert composed.sender in mail["Reply-To"]
    text = mail.get_body(("plain",)).get_content()
    assert text.startswith("It is on its way.")
    assert "-- \nAna Lindqvist\nCustomer service\nNordhem" in text
    assert "Carla Nyström wrote:\n> Where is my order?" in text
    html = mail.get_body(("html",)).get_content()
    assert "<b>way</b>" in html
    assert "<blockquote>" in html


def test_without_quoting_no_history_goes_out(answers):
    mail = answers().mail
    assert "Where is my order?" not in mail.as_string()


def test_the_same_delivery_is_the_same_mail_each_time(answers):
    first = answers()
    message = Message.objects.get(direction="out")
    again = compose(message.delivery.pk)

    assert again.message_id == first.message_id
    assert again.mail["Date"] == first.mail["Date"]


def test_a_message_id_stays_in_one_line_however_long(answers):
    wire = answers().mail.as_bytes()
    assert b"\r\nMessage-ID: <" in wire
    assert b"\r\nIn-Reply-To: <" in wire


def test_files_go_along_and_pictures_stand_where_they_are_shown(answers, attached):
    picture = attached(b"\x89PNG\r\n\x1a\n picture", "sofa.png", inline=True, content_id="sofa@inline")
    bill = attached(b"%PDF-1.7 bill", "Rechnung März.pdf")

    mail = answers('<p>Look: <img src="cid:sofa@inline"></p>', attachments=[picture.pk, bill.pk]).mail

    files = {part.get_filename(): part for part in mail.walk() if part.get_filename()}
    assert files["sofa.png"]["Content-ID"] == "<sofa@inline>"
    assert files["sofa.png"].get_content_disposition() == "inline"
    assert files["Rechnung März.pdf"].get_content() == b"%PDF-1.7 bill"
    assert files["Rechnung März.pdf"].get_content_type() == "application/pdf"
    assert mail.get_content_type() == "multipart/mixed"


def test_a_file_that_is_missing_or_was_changed_stops_the_mail(answers, attached):
    gone = attached(b"one", "one.txt")
    storage.delete(gone.key)
    with pytest.raises(CannotCompose, match=r"one\.txt is no longer in storage"):
        answers(attachments=[gone.pk])

    changed = attached(b"two", "two.txt")
    Attachment.objects.filter(pk=changed.pk).update(sha256="0" * 64)
    with pytest.raises(CannotCompose, match=r"two\.txt was changed"):
        answers(attachments=[changed.pk])


def test_nobody_writes_header_fields_through_a_subject_a_name_or_an_address(answers, case):
    composed = answers(
        subject="Hello\r\nBcc: all@evil.example",
        recipients=Recipients(to=[{"name": 'Carla"\r\nBcc: all@evil.example', "address": "carla@post.example"}]),
    )
    assert composed.mail["Bcc"] is None
    assert composed.to == ("carla@post.example",)
    assert b"\nBcc:" not in composed.mail.as_bytes()

    Message.objects.filter(direction="out").update(to=[{"name": "", "address": "carla@post.example\r\nRCPT TO:<x@y>"}])
    with pytest.raises(CannotCompose):
        compose(Message.objects.get(direction="out").delivery.pk)


def test_hidden_copies_are_recipients_and_stand_in_no_header(answers):
    composed = answers(
        recipients=Recipients(
            to=[CARLA],
            cc=[{"name": "Dev", "address": "dev@mail.example"}],
            bcc=[{"name": "", "address": "boss@nordhem.example"}],
        )
    )
    assert composed.copies == ("dev@mail.example", "boss@nordhem.example")
    assert "boss@nordhem.example" not in composed.mail.as_string()
    assert composed.mail["Cc"] == "Dev <dev@mail.example>"


def test_a_long_thread_keeps_its_beginning_and_its_latest_references(answers, arrives, case):
    for number in range(2, 15):
        arrives(letter(f"{number}", in_reply_to="<1@post.example>", message_id=f"<{number}@post.example>"))
    references = answers(answers=case.messages.latest("occurred_at", "id")).mail["References"].split()

    assert len(references) == 10
    assert references[0] == "<1@post.example>"
    assert references[-1] == "<14@post.example>"


def test_the_message_ids_of_strangers_and_broken_ones_are_not_repeated(answers, arrives, case):
    arrives(letter("Hm", sender="m@evil.example", in_reply_to="<1@post.example>", message_id="<x@evil.example>"))
    KnownMessageId.objects.create(value="a b\r\nBcc: x", message=case.messages.first(), case=case)

    assert answers().mail["References"] == "<1@post.example>"


def test_answers_come_from_the_queues_own_mailbox_and_never_from_another_brands(answers, case, support, nordhem):
    Mailbox.objects.all().delete()
    other = type(nordhem).objects.create(name="Sydhem")
    foreign = type(case.queue).objects.create(name="Elsewhere", brand=other, calendar=case.queue.calendar)
    Mailbox.objects.create(address="hello@sydhem.example", queue=foreign)
    with pytest.raises(NoMailbox):
        answers()

    Mailbox.objects.create(address="orders@nordhem.example", queue=case.queue, signed_replies=False)
    composed = answers()
    assert "orders@nordhem.example" in composed.mail["From"]
    assert composed.mail["Reply-To"] == "Nordhem <orders@nordhem.example>"
