"""The carrier is asked about Carla's table: over real mails, there and back, and never to Carla."""

import pytest

from channels_email.domain.process import Processed
from foundation import storage
from interactions.domain.deliver import deliver
from interactions.domain.draft import own_draft
from interactions.domain.forward import forward
from interactions.domain.recipients import derive_recipients, message_to_answer
from interactions.domain.reply import reply
from interactions.domain.status import set_status
from interactions.domain.timeline import case_story, customer_timeline
from interactions.domain.undo import take_back
from interactions.enums import CaseStatus, DraftKind, Party
from interactions.errors import CannotReply
from interactions.models import Attachment, Delivery, Draft, Message
from tests.channels_email.letters import letter
from tests.interactions.domain.test_receive import in_threads

pytestmark = pytest.mark.django_db

CARRIER = {"name": "Quick Freight", "address": "desk@freight.example"}
OWN = frozenset({"support@nordhem.example"})


@pytest.fixture
def asked(arrives) -> Message:
    """Carla's mail with a picture of the crack."""
    mail = letter("The leg is cracked.\n\nCarla")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image", "png", filename="crack.png")
    return arrives(mail).raw.message


@pytest.fixture
def forwards(asked, ana):
    def send(message: Message | None = None, **fields) -> Message:
        fields.setdefault("to", [CARRIER])
        fields.setdefault("comment", "Did this happen on your truck?")
        return forward(message or asked, author=ana, **fields)

    return send


@pytest.fixture
def carrier_answers(forwards, sink, arrives, asked):
    """`carrier_answers("Yes")`: the carrier's mail program answers what we forwarded."""

    def answer(text: str) -> Processed:
        sent = forwards(files=[file.pk for file in asked.attachments.all()])
        Delivery.objects.filter(message=sent).update(due_at=sent.occurred_at)
        assert deliver(sent.delivery.pk).state == "sent"
        ours = sink.mails()[-1]
        return arrives(
            letter(
                text,
                sender="Quick Freight <desk@freight.example>",
                to=ours["Reply-To"],
                in_reply_to=ours["Message-ID"],
                message_id="<2@freight.example>",
            )
        )

    return answer


def test_the_mail_has_comment_message_and_files_and_does_not_touch_the_customers_story(forwards, asked, sink, sol):
    case = asked.case
    before = case.status, case.unanswered_since
    sent = forwards(files=[file.pk for file in asked.attachments.all()])
    Delivery.objects.filter(message=sent).update(due_at=sent.occurred_at)
    deliver(sent.delivery.pk)
    (mail,) = sink.mails()
    body = mail.get_body(("plain",)).get_content()
    assert body.index("Did this happen") < body.index("Forwarded message") < body.index("The leg is cracked.")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["crack.png"]
    assert mail["Subject"].startswith("Fwd: ")
    assert sink.envelopes[0][1] == ["desk@freight.example"]
    case.refresh_from_db()
    assert (case.status, case.unanswered_since) == before  # the customer still waits
    assert sent not in customer_timeline(sol, case.customer_id).messages
    assert sent in case_story(sol, case, [case.customer_id]).messages
    assert asked.attachments.count() == 1


def test_the_answer_comes_back_as_the_third_partys_and_the_next_reply_is_for_the_customer(
    carrier_answers, asked, ana, sink
):
    set_status(asked.case_id, CaseStatus.WAITING_INSIDE)
    answer = carrier_answers("Yes, our forklift. Secret rate: 12 EUR.").raw.message
    case = answer.case
    assert case == asked.case
    assert (answer.party, case.status, answer.customer == case.customer) == (Party.THIRD_PARTY, "open", False)
    assert message_to_answer(case) == asked
    recipients = derive_recipients(case, asked, OWN)
    assert "desk@freight.example" not in recipients.addresses()
    sent = reply(
        case.pk, channel="email", recipients=recipients, html="<p>We send a new leg.</p>", author=ana,
        answers=message_to_answer(case), quotes=True, undo_seconds=0,
    )  # fmt: skip
    deliver(sent.delivery.pk)
    mail = sink.mails()[-1]
    whole = mail.as_string()
    assert sink.envelopes[-1][1] == ["carla@post.example"]
    assert "Secret rate" not in whole
    assert "freight" not in whole.lower()
    assert Delivery.objects.filter(message=sent).get().state == "sent"


def test_even_when_the_customer_had_copied_them_the_reply_leaves_them_out(carrier_answers, asked):
    carrier_answers("Yes")
    asked.cc = [CARRIER]
    assert "desk@freight.example" not in derive_recipients(asked.case, asked, OWN).addresses()


def test_the_third_party_is_answered_in_turn_with_their_own_words_below(carrier_answers, forwards, sink):
    answer = carrier_answers("Which truck?").raw.message
    sent = forwards(answer, comment="The red one.")
    Delivery.objects.filter(message=sent).update(due_at=sent.occurred_at)
    deliver(sent.delivery.pk)
    mail = sink.mails()[-1]
    body = mail.get_body(("plain",)).get_content()
    assert "> Which truck?" in body
    assert "Forwarded message" not in body
    assert mail["Subject"].startswith("Re: ")
    answer.interaction.refresh_from_db()
    assert answer.interaction.answered_at is not None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"to": [{"name": "", "address": "Carla@Post.example"}]}, "own address"),
        ({"comment": "  "}, "what you want"),
        ({"to": []}, "no recipient"),
        ({"to": [{"name": "", "address": "support@nordhem.example"}]}, "our own"),
        ({"files": ["01a2109b-daf0-77af-aaa3-5d8158477efd"]}, "not one of this message"),
    ],
)
def test_what_cannot_go_to_a_third_party_is_refused_and_leaves_nothing(forwards, asked, fields, words):
    with pytest.raises(CannotReply, match=words):
        forwards(**fields)
    assert Delivery.objects.count() == 0
    assert Message.objects.count() == 1
    assert not asked.case.participants.filter(third_party=True).exists()


def test_taken_back_it_is_a_comment_again_and_the_files_stay_with_the_customers_message(forwards, asked, ana):
    before = asked.case.unanswered_since
    draft = own_draft(asked.case, ana, DraftKind.FORWARD)
    sent = forwards(files=[file.pk for file in asked.attachments.all()], draft=draft.pk)
    restored = take_back(sent.delivery.pk, ana)
    assert (restored.kind, restored.to, restored.attachments.count()) == (DraftKind.FORWARD, [CARRIER], 0)
    asked.case.refresh_from_db()
    assert asked.case.unanswered_since == before
    file = asked.attachments.get()
    with storage.open(file.key) as content:
        assert len(content.read()) == file.size
    assert Attachment.objects.filter(draft__isnull=False).count() == 0


@pytest.mark.django_db(transaction=True)
def test_pressing_send_twice_at_once_forwards_once(forwards, asked, ana):
    draft = own_draft(asked.case, ana, DraftKind.FORWARD)
    sent, errors = in_threads(4, lambda _: forwards(draft=draft.pk))
    assert len(sent) == 1
    assert all(isinstance(error, CannotReply) for error in errors)
    assert Delivery.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_stranger_who_got_hold_of_the_mail_stays_a_stranger(carrier_answers, arrives, sink, asked):
    carrier_answers("Yes")
    ours = sink.mails()[-1]
    mail = letter(
        "I am the carrier, honest", sender="eve@evil.example", to=ours["Reply-To"], message_id="<3@e.example>"
    )
    message = arrives(mail).raw.message
    assert (message.case, message.party) == (asked.case, Party.STRANGER)


def a_colleague(sink, text: str = "I sit in for my colleague. Secret rate: 9 EUR.", **fields: str):
    ours = sink.mails()[-1]
    fields.setdefault("sender", "Lena <lena@freight.example>")
    return letter(text, to=ours["Reply-To"], in_reply_to=ours["Message-ID"], message_id="<4@f.example>", **fields)


def test_a_colleague_of_the_third_party_is_of_its_house_and_is_never_quoted_to_the_customer(
    carrier_answers, forwards, arrives, sink, asked, ana
):
    carrier_answers("Yes")
    message = arrives(a_colleague(sink)).raw.message
    assert (message.case, message.party) == (asked.case, Party.THIRD_PARTY)
    lena = asked.case.participants.get(address="lena@freight.example")
    assert (lena.third_party, lena.stranger) == (True, False)
    told = asked.case.changes.get(kind="participant", after="lena@freight.example")
    assert "third party" in told.reason
    assert message_to_answer(asked.case) == asked
    asked.cc = [{"name": "Lena", "address": "lena@freight.example"}]
    recipients = derive_recipients(asked.case, asked, OWN)
    assert "lena@freight.example" not in recipients.addresses()
    sent = reply(
        asked.case_id, channel="email", recipients=recipients, html="<p>We send a new leg.</p>", author=ana,
        answers=message_to_answer(asked.case), quotes=True, undo_seconds=0,
    )  # fmt: skip
    deliver(sent.delivery.pk)
    assert "Secret rate" not in sink.mails()[-1].as_string()
    back = forwards(message, to=[{"name": "Lena", "address": "lena@freight.example"}], comment="Thanks.")
    assert back.answers == message


def test_a_second_mail_of_the_colleague_tells_nothing_new(carrier_answers, arrives, sink, asked):
    carrier_answers("Yes")
    first = a_colleague(sink)
    arrives(first)
    again = arrives(a_colleague(sink, "And one more thing").as_bytes().replace(b"<4@f", b"<5@f")).raw.message
    assert again.party == Party.THIRD_PARTY
    assert asked.case.changes.filter(kind="participant", after="lena@freight.example").count() == 1


@pytest.mark.parametrize("sender", ["lena@evil.example", "lena@notfreight.example", "lena@post.example"])
def test_nobody_else_is_of_its_house(carrier_answers, arrives, sink, asked, sender):
    """Nor somebody of the customer's own domain."""
    carrier_answers("Yes")
    message = arrives(a_colleague(sink, sender=sender)).raw.message
    assert (message.case, message.party) == (asked.case, Party.STRANGER)
    assert asked.case.participants.get(address=sender).stranger


def test_at_a_domain_of_the_third_party_that_is_the_customers_too_nobody_is_taken_for_either(
    forwards, arrives, sink, asked
):
    sent = forwards(to=[{"name": "", "address": "depot@post.example"}])
    Delivery.objects.filter(message=sent).update(due_at=sent.occurred_at)
    deliver(sent.delivery.pk)
    assert arrives(a_colleague(sink, sender="lena@post.example")).raw.message.party == Party.STRANGER


def test_who_answers_what_the_customer_got_is_not_of_the_third_partys_house(carrier_answers, arrives, sink, asked, ana):
    carrier_answers("Yes")
    sent = reply(
        asked.case_id, channel="email", recipients=derive_recipients(asked.case, asked, OWN), html="<p>Hi</p>",
        author=ana, answers=asked, undo_seconds=0,
    )  # fmt: skip
    deliver(sent.delivery.pk)
    assert arrives(a_colleague(sink)).raw.message.party == Party.STRANGER
