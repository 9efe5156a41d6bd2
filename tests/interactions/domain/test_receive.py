import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from customers.errors import AddressUnusable
from customers.models import Customer, Identity
from foundation import clock
from foundation.outbox.models import OutboxRow
from interactions.channel import Contact, InboundMessage, StoredAttachment, ThreadHint
from interactions.domain.receive import receive_all
from interactions.domain.status import set_status
from interactions.enums import CaseStatus, Party
from interactions.models import Case, Interaction, Message, Participant

pytestmark = pytest.mark.django_db


def test_a_first_message_makes_customer_case_interaction_and_message(writes, orders):
    received = writes("Carla@Post.Example", "Where is it?", name="Carla Nyström", subject="My  order")
    case = received.message.case
    assert received.opened
    assert (case.status, case.queue, case.subject) == (CaseStatus.NEW, orders, "My order")
    assert case.number >= 10001
    assert case.customer.given_name == "Carla"
    assert Identity.objects.get().value == "carla@post.example"
    assert case.unanswered_since == received.message.occurred_at
    assert received.message.interaction.customer == case.customer


def test_the_same_external_id_again_gives_the_message_that_is_there(writes):
    first = writes("carla@post.example", external_id="x-1")
    again = writes("carla@post.example", "Other words", external_id="x-1")
    assert again.duplicate
    assert again.message == first.message
    assert (Case.objects.count(), Message.objects.count(), Interaction.objects.count()) == (1, 1, 1)


def test_an_address_that_is_none_is_refused_and_nothing_is_written(writes):
    with pytest.raises(AddressUnusable):
        writes("not an address")
    assert (Customer.objects.count(), Case.objects.count(), OutboxRow.objects.count()) == (0, 0, 0)


def test_attachments_come_with_the_message(writes):
    file = StoredAttachment(
        key="ab/cd", filename="invoice.pdf", content_type="application/pdf", declared_type="", size=3, sha256="0" * 64
    )
    received = writes("carla@post.example", attachments=(file,))
    assert [a.filename for a in received.message.attachments.all()] == ["invoice.pdf"]


def test_the_customers_answer_joins_the_case_and_opens_it_again_from_waiting(writes, carlas_case):
    set_status(carlas_case.pk, CaseStatus.WAITING_CUSTOMER)
    received = writes("carla@post.example", thread=ThreadHint(case=carlas_case.pk, proven=True, by="token"))
    carlas_case.refresh_from_db()
    assert received.message.case == carlas_case
    assert received.message.party == Party.CUSTOMER
    assert carlas_case.status == CaseStatus.OPEN


def test_a_customer_may_also_point_to_the_case_by_its_number_alone(writes, carlas_case):
    received = writes("carla@post.example", thread=ThreadHint(case=carlas_case.pk, proven=False, by="subject"))
    assert received.message.case == carlas_case


def test_a_stranger_with_a_leaked_number_gets_a_case_of_their_own(writes, carlas_case):
    received = writes("mallory@evil.example", thread=ThreadHint(case=carlas_case.pk, proven=False, by="subject"))
    assert received.opened
    assert received.message.case != carlas_case
    assert carlas_case.messages.count() == 1
    assert carlas_case.participants.count() == 1


def test_a_stranger_with_a_leaked_token_stays_a_separate_flagged_party(writes, carlas_case):
    received = writes("mallory@evil.example", thread=ThreadHint(case=carlas_case.pk, proven=True, by="token"))
    assert received.message.case == carlas_case
    assert received.message.party == Party.STRANGER
    assert received.message.customer != carlas_case.customer
    assert Participant.objects.get(address="mallory@evil.example").stranger


def test_a_stranger_neither_reopens_a_finished_case_nor_is_buried_in_it(writes, carlas_case):
    """It may be its customer with another address: somebody has to read it."""
    set_status(carlas_case.pk, CaseStatus.RESOLVED)
    received = writes("mallory@evil.example", thread=ThreadHint(case=carlas_case.pk, proven=True, by="token"))
    carlas_case.refresh_from_db()
    assert (carlas_case.status, carlas_case.unanswered_since) == (CaseStatus.RESOLVED, None)
    assert carlas_case.messages.count() == 1
    assert not carlas_case.participants.filter(address="mallory@evil.example").exists()
    theirs = received.message.case
    assert (received.opened, received.reopened, received.message.party) == (True, False, Party.CUSTOMER)
    assert (theirs.previous, theirs.customer, theirs.status) == (
        carlas_case,
        received.message.customer,
        CaseStatus.NEW,
    )


def test_a_flagged_stranger_stays_one_when_writing_again(writes, carlas_case):
    hint = ThreadHint(case=carlas_case.pk, proven=True, by="token")
    writes("mallory@evil.example", thread=hint)
    unproven = ThreadHint(case=carlas_case.pk, proven=False, by="subject")
    received = writes("mallory@evil.example", thread=unproven)
    assert received.message.case != carlas_case


@pytest.mark.parametrize(("days", "same_case"), [(13, True), (15, False)])
def test_after_closing_it_reopens_for_a_fortnight_and_then_opens_a_linked_case(
    tuesday, writes, carlas_case, days, same_case
):
    set_status(carlas_case.pk, CaseStatus.CLOSED)
    tuesday.advance(timedelta(days=days))
    received = writes("carla@post.example", thread=ThreadHint(case=carlas_case.pk, proven=True, by="token"))
    case = received.message.case
    assert received.reopened is same_case
    assert (case == carlas_case) is same_case
    if not same_case:
        assert case.previous == carlas_case
        carlas_case.refresh_from_db()
        assert carlas_case.status == CaseStatus.CLOSED


def test_an_automatic_answer_is_kept_but_reopens_nothing(writes, carlas_case):
    set_status(carlas_case.pk, CaseStatus.CLOSED)
    hint = ThreadHint(case=carlas_case.pk, proven=True, by="token")
    received = writes("carla@post.example", thread=hint, automatic=True)
    carlas_case.refresh_from_db()
    assert received.message.case == carlas_case
    assert carlas_case.status == CaseStatus.CLOSED
    assert carlas_case.unanswered_since is None


def in_threads(count, work):
    """Runs `work(number)` in `count` threads that start together; their results and errors."""
    barrier = threading.Barrier(count)
    results, errors = [], []

    def run(number):
        try:
            barrier.wait()
            results.append(work(number))
        except Exception as error:  # noqa: BLE001 - handed to the test, which asserts that there is none
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, errors


@pytest.mark.django_db(transaction=True)
def test_fifty_messages_at_once_from_a_new_address_make_one_customer(writes):
    results, errors = in_threads(50, lambda number: writes("new@post.example", external_id=f"m-{number}"))
    assert errors == []
    assert len(results) == 50
    assert Customer.objects.count() == 1
    assert Message.objects.values("customer").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_message_handed_in_twenty_times_at_once_is_one(writes):
    key = str(uuid4())
    results, errors = in_threads(20, lambda _: writes("new@post.example", external_id=key))
    assert errors == []
    assert len({received.message.pk for received in results}) == 1
    assert (Message.objects.count(), Case.objects.count()) == (1, 1)
    assert sum(not received.duplicate for received in results) == 1


def inbound(queue, number, **fields):
    fields = {"external_id": f"m-{number}", "subject": "My order", **fields}
    return InboundMessage(
        channel="email",
        queue=queue.pk,
        sender=Contact(address=f"p{number}@post.example"),
        sender_kind="email",
        received_at=clock.now(),
        **fields,
    )


def test_several_at_once_that_one_of_them_makes_impossible_leave_nothing(orders):
    bad = replace(inbound(orders, 2), sender=Contact(address="not an address"))
    with pytest.raises(AddressUnusable):
        receive_all([inbound(orders, 1), bad])
    assert (Customer.objects.count(), Case.objects.count(), OutboxRow.objects.count()) == (0, 0, 0)


def test_the_same_twice_at_once_is_one_message_and_a_duplicate(orders):
    first, again, other = receive_all([inbound(orders, 1), inbound(orders, 1), inbound(orders, 2)])
    assert (first.duplicate, again.duplicate, other.duplicate) == (False, True, False)
    assert again.message == first.message != other.message
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_portions_that_overlap_at_the_same_moment_make_each_message_once(orders):
    def work(number):
        numbers = list(range(number, number + 10))
        return receive_all([inbound(orders, each) for each in (numbers if number % 2 else reversed(numbers))])

    results, errors = in_threads(4, work)
    assert errors == []
    assert sum(not received.duplicate for portion in results for received in portion) == 13
    assert (Message.objects.count(), Case.objects.count(), Customer.objects.count()) == (13, 13, 13)
