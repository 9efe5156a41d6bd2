"""Rows written in one statement are those that Django itself would have written."""

import pytest
from django.db import DataError, IntegrityError, transaction

from brands.models import Brand
from channels_email.models import Mailbox
from customers.models import Customer, Identity
from foundation.calendar.models import Calendar
from foundation.insert import insert, insert_before, insert_missing
from foundation.keys import new_key
from interactions.enums import Direction, Party
from interactions.models import Case, Message, Queue

pytestmark = pytest.mark.django_db


def contents(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.fixture
def queue() -> Queue:
    return Queue.objects.create(
        name="Orders", brand=Brand.objects.create(name="Nordhem"), calendar=Calendar.objects.create(name="Always")
    )


def test_every_kind_of_value_comes_back_as_it_was(queue, django_assert_num_queries):
    customers = [Customer(name="Zoë 'Å' \\ %s"), Customer(name="", remarks='"1"')]
    with django_assert_num_queries(1):
        insert(customers)
    message = Message(
        customer=customers[0],
        channel="email",
        direction=Direction.INBOUND,
        party=Party.CUSTOMER,
        text="a\nb\t\\",
        to=[{"name": "Ä", "address": "a@b.example"}],
        automatic=True,
    )
    insert([message])

    assert [contents(each) for each in Customer.objects.order_by("pk")] == [contents(each) for each in customers]
    assert contents(Message.objects.get()) == contents(message)


def test_what_the_database_fills_in_is_known_afterwards_in_the_order_of_the_rows(queue):
    customer = Customer.objects.create()
    cases = [Case(subject=f"Number {number}", queue=queue, customer=customer) for number in range(3)]
    insert(cases)

    numbers = [case.number for case in cases]
    assert numbers == sorted(numbers)
    assert [Case.objects.get(number=number).subject for number in numbers] == ["Number 0", "Number 1", "Number 2"]
    cases[0].subject = "Changed"
    cases[0].save()  # it is known to be there, so this updates
    assert Case.objects.count() == 3


def test_a_row_that_is_there_already_is_left_or_refused_as_asked():
    customer = Customer.objects.create()

    def same():
        return Identity(id=new_key(), customer=customer, kind="email", value="a@b.example", shown="a@b.example")

    insert([same()])
    insert([same()], ignore_conflicts=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([same()])
    assert Identity.objects.count() == 1


def test_of_several_rows_those_that_are_missing_are_written_and_named():
    customer = Customer.objects.create()

    def address(value):
        return Identity(customer=customer, kind="email", value=value, shown=value)

    assert insert_missing([address("a@b.example")]) != []
    asked = [address("b@b.example"), address("a@b.example"), address("c@b.example")]
    assert insert_missing(asked) == [asked[0], asked[2]]
    assert [each._state.adding for each in asked] == [False, True, False]
    assert insert_missing([]) == insert_missing(asked) == []
    assert Identity.objects.count() == 3


def test_rows_with_columns_that_the_database_fills_in_are_not_written_before_another_statement(queue):
    with pytest.raises(TypeError, match="number"):
        insert_before([Case(queue=queue, customer=Customer.objects.create())], "INSERT INTO nothing VALUES (1)", [])
    assert not Case.objects.exists()


def test_what_does_not_fit_is_refused_and_nothing_is_written():
    with pytest.raises(DataError), transaction.atomic():
        insert([Customer(name="fits"), Customer(name="x" * 201)])
    assert not Customer.objects.exists()


def test_a_model_whose_fields_work_on_their_values_is_refused(queue):
    with pytest.raises(TypeError, match="imap_password"):
        insert([Mailbox(address="a@b.example", queue=queue)])
    assert not Mailbox.objects.exists()


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])
