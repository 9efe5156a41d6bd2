"""Two who wait for each other: one is ended by the database, and does it again."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from customers.models import Customer
from foundation.deadlock import past_deadlocks
from tests.interactions.domain.test_receive import in_threads
from tests.people import make_customer

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_both_who_lock_in_opposite_order_come_through_also_within_another_transaction():
    people = [make_customer(f"Guest {number}", f"guest{number}@post.example") for number in range(2)]
    first_locked = threading.Barrier(2)
    tries = []

    def work(number):
        def write():
            tries.append(number)
            for step, person in enumerate(people if number else reversed(people)):
                Customer.objects.select_for_update().get(pk=person.pk)
                if not step and tries.count(number) == 1:
                    first_locked.wait(10)
            Customer.objects.filter(pk=people[number].pk).update(remarks=f"written by {number}")
            return number

        if number:
            return past_deadlocks(write)
        with transaction.atomic():
            return past_deadlocks(write)

    results, errors = in_threads(2, work)
    assert errors == []
    assert sorted(results) == [0, 1]
    assert len(tries) == 3
    assert [Customer.objects.get(pk=one.pk).remarks for one in people] == ["written by 0", "written by 1"]


def failing_with(pgcode: str, tries: list[int]):
    class Refused(Exception):
        pass

    Refused.pgcode = pgcode

    def write():
        tries.append(1)
        make_customer("Bo", f"bo{len(tries)}@post.example")
        raise OperationalError from Refused()

    return write


@pytest.mark.parametrize(("pgcode", "times"), [("40P01", 5), ("57P01", 1)])
def test_it_is_given_up_after_a_few_times_and_leaves_nothing(pgcode, times):
    tries = []
    with pytest.raises(OperationalError):
        past_deadlocks(failing_with(pgcode, tries))
    assert len(tries) == times
    assert not Customer.objects.exists()
    assert not connection.needs_rollback
