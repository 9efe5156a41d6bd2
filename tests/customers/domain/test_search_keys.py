"""However customers and addresses come, change and go, their search keys are what reading everything anew makes."""

from contextlib import contextmanager

import pytest
from django.db import connection

from customers.domain.search_index import index_everything
from customers.models import Customer, Identity, SearchKey
from foundation.insert import insert
from tests.interactions.domain.test_receive import in_threads
from tests.people import make_customer

pytestmark = pytest.mark.django_db


def keys():
    return {str(customer): (at, folded) for customer, at, folded in SearchKey.objects.values_list()}


@pytest.fixture
def right():
    """Whether the keys that followed by themselves are those of a store read anew."""

    def compare():
        followed = keys()
        index_everything()
        return followed == keys()

    return compare


@pytest.fixture
def writes_of_keys():
    """How many keys are inserted and updated meanwhile, as the database counts them."""

    @contextmanager
    def count():
        def counted():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT n_tup_ins, n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'customers_searchkey'"
                )
                return cursor.fetchone()

        before = counted()
        yield lambda: tuple(now - then for now, then in zip(counted(), before, strict=True))

    return count


def people(count, **fields):
    return [Customer(name=f"Åsa Nr {number}", **fields) for number in range(count)]


def address(customer, value, kind="email"):
    return Identity(customer=customer, kind=kind, value=value, shown=value.title())


def addresses(customers, host):
    return [address(each, f"nr{number}@{host}") for number, each in enumerate(customers)]


def test_many_at_once_with_their_addresses_after_them(right, dev):
    fresh = people(3)
    insert(fresh)
    assert keys()[str(fresh[1].pk)][1] == " asa nr 1 "
    insert([*addresses(fresh, "post.example"), address(dev, "+46701234567", kind="phone")])
    assert "0701234567" in keys()[str(dev.pk)][1]
    assert right()


def test_many_at_once_with_their_addresses_before_them_make_each_key_once(right, carla, writes_of_keys):
    fresh = people(3)
    with writes_of_keys() as written:
        insert([*addresses(fresh, "post.example"), *addresses(fresh, "firm.example")])
        assert SearchKey.objects.count() == 1
        insert(fresh)
    assert written() == (3, 0)
    assert keys()[str(fresh[2].pk)][1] == " asa nr 2 nr2@firm.example nr2@post.example "
    assert right()


def test_django_s_own_ways_of_writing_are_followed_as_well(right):
    fresh = Customer.objects.bulk_create(people(3))
    Identity.objects.bulk_create(addresses(fresh, "post.example"))
    one = Customer.objects.create(name="Zoë")
    Identity.objects.create(customer=one, kind="email", value="zoe@post.example", shown="Zoe@Post.example")
    assert right()


def test_members_that_come_merged_are_found_by_their_root(right, carla):
    root = Customer(name="Root")
    members = people(2, merged_into=carla)
    insert(addresses(members, "post.example"))
    insert([root, *members, *people(1, merged_into=root)])
    assert keys()[str(members[0].pk)][1] == ""
    assert (
        keys()[str(carla.pk)][1]
        == " asa nr 0 asa nr 1 carla nystrom carla@post.example nr0@post.example nr1@post.example "
    )
    assert keys()[str(root.pk)][1] == " asa nr 0 root "
    insert([address(each, f"late{number}@post.example") for number, each in enumerate((*members, carla, root))])
    assert right()


def test_what_changes_and_goes_in_bulk_is_followed(right, carla, dev):
    fresh = people(4)
    insert(addresses(fresh, "post.example"))
    insert(fresh)
    Customer.objects.filter(pk__in=[each.pk for each in fresh]).update(name="Örjan")
    Customer.objects.filter(pk__in=[fresh[0].pk, fresh[1].pk]).update(merged_into=carla)
    assert keys()[str(carla.pk)][1].startswith(" carla nystrom orjan orjan carla@")
    Customer.objects.filter(pk=fresh[1].pk).update(merged_into=dev)
    Identity.objects.filter(customer=fresh[2]).update(customer=fresh[3])
    Identity.objects.filter(customer__in=[fresh[0], dev]).delete()
    assert right()
    Customer.objects.update(merged_into=None)
    assert right()


def test_each_new_customer_and_address_has_its_own_line_of_the_trail():
    fresh = people(3)
    insert(addresses(fresh, "post.example"))
    insert(fresh)
    for model, rows in (("customerevent", 3), ("identityevent", 3)):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(DISTINCT pgh_obj_id), count(*) FROM customers_{model} WHERE pgh_label = 'insert'"
            )
            assert cursor.fetchone() == (rows, rows)


@pytest.mark.django_db(transaction=True)
def test_portions_that_bring_addresses_of_the_same_customers_in_any_order_lose_none(right):
    owners = [make_customer(f"Owner {number}", f"owner{number}@post.example") for number in range(6)]
    Customer.objects.filter(pk__in=[owners[0].pk, owners[5].pk]).update(merged_into=owners[3])

    def bring(number):
        rows = [address(each, f"{number}.{place}@firm.example") for place, each in enumerate(owners)]
        insert(rows if number % 2 else reversed(rows))

    _, errors = in_threads(4, bring)
    assert errors == []
    assert Identity.objects.count() == 6 * 5
    assert right()
