"""Many mails understood together: each becomes what it would alone, and none harms another."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from channels_email.domain import process as processing
from channels_email.domain import understand as understanding
from channels_email.domain.process import process, process_all
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door, RawState
from channels_email.models import Acknowledgement, RawEmail
from customers.models import Customer, Identity
from foundation import bus
from foundation.outbox.models import OutboxRow
from interactions.domain.status import set_status
from interactions.enums import CaseStatus
from interactions.models import Attachment, Case, Message
from tests.channels_email.letters import letter
from tests.interactions.domain.test_receive import in_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(support) -> Callable[..., list[UUID]]:
    """`waiting(letter(), …)`: these came in, in this order, and nobody has looked at them."""

    def wait(*mails: EmailMessage, announce: bool = False) -> list[UUID]:
        return [take_in(mail.as_bytes(), Origin(door=Door.SMTP), announce=announce).pk for mail in mails]

    return wait


def numbered(number: int, text: str = "Where is my order?", **fields: str) -> EmailMessage:
    fields.setdefault("sender", f"Person Number <p{number}@post.example>")
    return letter(f"{text} ({number})", message_id=f"<{number}@post.example>", **fields)


def with_file(mail: EmailMessage) -> EmailMessage:
    mail.add_attachment(b"%PDF-1.7 bill", "application", "pdf", filename="bill.pdf")
    return mail


def files_on_disk(root: str | Path) -> int:
    return sum(path.is_file() for path in Path(root).rglob("*"))


def states() -> list[str]:
    return list(RawEmail.objects.order_by("received_at", "pk").values_list("state", flat=True))


def test_two_mails_of_a_new_customer_make_one_customer_and_two_cases_in_their_order(waiting):
    first, second = process_all(
        waiting(letter("First", subject="One"), numbered(2, "Second", sender="carla@post.example"))
    )

    assert Customer.objects.get() == first.received.message.customer == second.received.message.customer
    assert Identity.objects.get().value == "carla@post.example"
    assert Customer.objects.get().name == "Carla Nyström"
    assert first.raw.case.number < second.raw.case.number
    assert Acknowledgement.objects.count() == 2


def test_an_answer_to_a_mail_of_the_same_portion_comes_to_its_case(waiting):
    done = process_all(
        waiting(
            letter(),
            numbered(2),
            numbered(3, "And again", sender="carla@post.example", in_reply_to="<1@post.example>"),
            numbered(4, "And once more", sender="carla@post.example", references="<1@post.example> <3@post.example>"),
        )
    )

    first, other, again, more = (each.raw.case for each in done)
    assert first == again == more != other
    assert Case.objects.count() == 2
    assert done[2].received.message.answers == done[0].received.message
    assert Case.objects.get(pk=first.pk).unanswered_since == done[0].received.message.occurred_at


def test_answers_to_one_case_are_told_one_after_the_other(waiting, arrives):
    case = arrives(letter()).raw.case
    set_status(case.pk, CaseStatus.RESOLVED)
    answers = [
        numbered(number, "Not yet", sender="carla@post.example", in_reply_to="<1@post.example>") for number in (2, 3)
    ]
    done = process_all(waiting(*answers))

    case.refresh_from_db()
    assert [each.received.reopened for each in done] == [True, False]
    assert (case.status, Case.objects.count()) == (CaseStatus.OPEN, 1)
    assert list(case.changes.filter(kind="status").values_list("after", flat=True)) == ["resolved", "open"]
    assert case.active_at == done[1].received.message.occurred_at


def test_the_same_mail_twice_in_a_portion_is_one_message_with_its_file_once(waiting, settings):
    done = process_all(waiting(with_file(letter()), with_file(letter()), numbered(2)))

    assert [each.raw.state for each in done] == [RawState.MESSAGE, RawState.DUPLICATE, RawState.MESSAGE]
    assert done[1].raw.message == done[0].raw.message
    assert (Message.objects.count(), Attachment.objects.count(), files_on_disk(settings.MEDIA_ROOT)) == (2, 1, 1)


@pytest.mark.parametrize("breaks", ["parse", "fingerprint", "receive_all"])
def test_a_poisoned_mail_is_quarantined_alone_wherever_it_breaks_us(waiting, monkeypatch, settings, breaks):
    module = processing if breaks == "parse" else understanding
    sound = getattr(module, breaks)

    def broken(given: object) -> object:
        if "poison" in repr(given):
            raise RecursionError("too deep")
        return sound(given)

    monkeypatch.setattr(module, breaks, broken)
    raws = waiting(with_file(letter()), with_file(numbered(2, "poison")), with_file(numbered(3)))
    done = process_all(raws)

    assert [each.raw.state for each in done] == [RawState.MESSAGE, RawState.QUARANTINED, RawState.MESSAGE]
    assert states() == ["message", "quarantined", "message"]
    assert RawEmail.objects.get(pk=raws[1]).error == "RecursionError: too deep"
    assert not Identity.objects.filter(value="p2@post.example").exists()
    assert (Message.objects.count(), files_on_disk(settings.MEDIA_ROOT)) == (2, 2)


def test_what_the_database_refuses_of_one_mail_is_quarantined_alone(waiting, monkeypatch):
    sound = understanding.as_inbound

    def careless(arrived, place, received_at, *, external_id):
        inbound = sound(arrived, place, received_at, external_id=external_id)
        if "poison" in inbound.text:
            object.__setattr__(inbound, "external_id", "x" * 300)  # longer than its column
        return inbound

    monkeypatch.setattr(understanding, "as_inbound", careless)
    process_all(waiting(letter(), numbered(2, "poison"), numbered(3)))

    assert states() == ["message", "quarantined", "message"]
    assert "DataError" in RawEmail.objects.get(state="quarantined").error


def test_when_the_database_goes_away_nothing_of_the_portion_remains_and_all_of_it_can_be_taken_again(
    waiting, monkeypatch, settings
):
    def away(*args: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    raws = waiting(with_file(letter()), with_file(numbered(2)))
    with monkeypatch.context() as patched:
        patched.setattr(type(RawEmail.objects.all()), "settle", away)
        with pytest.raises(OperationalError), transaction.atomic():
            process_all(raws)

    assert states() == ["received", "received"]
    assert (Message.objects.count(), Customer.objects.count(), files_on_disk(settings.MEDIA_ROOT)) == (0, 0, 0)
    assert [each.raw.state for each in process_all(raws)] == [RawState.MESSAGE] * 2
    assert process_all(raws) == []


def test_a_worker_takes_what_has_come_together_and_leaves_nothing_owed_for_it(waiting):
    waiting(*(numbered(number) for number in range(5)), announce=True)
    bus.drain()

    assert states() == ["message"] * 5
    assert not OutboxRow.objects.exists()


def test_large_mails_are_taken_a_few_at_once_and_in_their_order(waiting, monkeypatch):
    monkeypatch.setattr(processing, "PORTION_BYTES", 1_000)
    done = process_all(waiting(*(numbered(number, "x" * 400) for number in range(4))))

    assert [each.raw.received_at for each in done] == sorted(each.raw.received_at for each in done)
    assert states() == ["message"] * 4


def test_fifty_mails_take_hardly_more_statements_than_one(waiting):
    process(waiting(numbered(0))[0])  # the first of its kind asks for what is then known
    one, fifty = waiting(numbered(1)), waiting(*(with_file(numbered(number)) for number in range(2, 52)))
    with CaptureQueriesContext(connection) as alone:
        process_all(one)
    with CaptureQueriesContext(connection) as together:
        process_all(fifty)

    assert states() == ["message"] * 52
    assert len(alone) <= 23
    assert len(together) <= len(alone) + 5  # sizes, what is here already, files, and a savepoint to try each alone


@pytest.mark.django_db(transaction=True)
def test_the_same_mails_handed_to_two_workers_at_the_same_moment_become_one_message_each(waiting, settings):
    mails = [with_file(numbered(number)) for number in range(8)]
    portions = [waiting(*mails), waiting(*reversed(mails))]
    results, errors = in_threads(2, lambda worker: process_all(portions[worker]))

    assert errors == []
    assert sorted(each.raw.state for done in results for each in done) == ["duplicate"] * 8 + ["message"] * 8
    assert (Message.objects.count(), Case.objects.count(), Customer.objects.count()) == (8, 8, 8)
    assert files_on_disk(settings.MEDIA_ROOT) == 8


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_portion_share_it_without_doing_any_mail_twice(waiting):
    raws = waiting(*(numbered(number) for number in range(10)))
    results, errors = in_threads(2, lambda _: process_all(raws))

    assert errors == []
    assert sum(len(done) for done in results) == 10
    assert Message.objects.count() == 10
