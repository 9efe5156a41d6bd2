"""Two records of one person: merged, read as one, undone; at the same moment as well."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import IntegrityError, connection, transaction

from customers.domain import lock_trees
from customers.domain.access import access_customer
from customers.domain.consent import standing
from customers.domain.edit import add_identity, change_customer, remove_identity, set_consent, verify_identity
from customers.domain.history import history, undo
from customers.domain.identify import identify
from customers.domain.merge import everybody, members, merge, undo_merge
from customers.domain.search import persons
from customers.enums import IdentityKind, NameSource, Purpose, Side
from customers.errors import CannotMerge, CannotUndo
from customers.models import Consent, Customer, Identity, Merge
from foundation import deadlock
from foundation.outbox.models import OutboxRow
from interactions.channel import ThreadHint
from interactions.domain.recipients import derive_recipients
from interactions.domain.search import Asked, find_cases
from interactions.domain.timeline import customer_timeline
from interactions.enums import Party
from interactions.models import Case, Message
from tests.api_client import api_of
from tests.people import make_customer, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe(db) -> Customer:
    return make_customer("Zoë Ångström", "zoe@post.example")


def at_once(*works):
    """Each in a thread of its own, all beginning together: what they returned or raised."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            barrier.wait(timeout=10)
            return work()
        except (CannotMerge, CannotUndo) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def waited_for(me) -> None:
    """Waits until somebody waits for a lock that this connection holds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with me.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return
        time.sleep(0.01)
    raise AssertionError("nobody waited")


def roots() -> dict[str, str]:
    """Who belongs to whom now, by first name."""
    people = Customer.objects.select_related("merged_into").order_by("created_at")
    return {one.given_name: one.merged_into.given_name for one in people if one.merged_into}


def no_chains() -> bool:
    return not Customer.objects.filter(merged_into__merged_into__isnull=False).exists()


def test_after_a_merge_both_are_one_everywhere_and_no_row_has_moved(carla, dev, sol, writes):
    carlas = writes("carla@post.example", "From home").message
    devs = writes("dev@mail.example", "From work").message
    merge(dev.pk, carla.pk, agent=sol.pk)
    assert members(carla.pk) == members(dev.pk) == [carla.pk, dev.pk]
    assert set(everybody([dev.pk])) == {carla.pk, dev.pk}
    assert access_customer(sol, dev.pk) == carla
    assert identify(IdentityKind.EMAIL, "dev@mail.example").customer == carla
    for one in (carla, dev):
        assert set(customer_timeline(sol, one.pk).messages) == {carlas, devs}
    for words in ("dev@mail.example", "carla nyström"):
        found = find_cases(Asked(words, None, persons=persons(words)))
        assert {hit.id for hit in found.hits} == {carlas.case_id, devs.case_id}
    devs.refresh_from_db()
    assert (devs.customer, devs.case.customer) == (dev, dev)


def test_undo_puts_everything_back_and_what_came_between_belongs_to_whom_it_came_from(carla, dev, sol, writes):
    before = Customer.objects.order_by("pk").values_list()
    was = list(before)
    row = merge(dev.pk, carla.pk, agent=sol.pk)
    between = writes("dev@mail.example", "Meanwhile").message
    hers = writes("carla@post.example", "Also meanwhile").message
    undo_merge(row.pk, agent=sol.pk)
    assert list(before) == was
    assert members(carla.pk) == [carla.pk]
    assert list(customer_timeline(sol, dev.pk).messages) == [between]
    assert list(customer_timeline(sol, carla.pk).messages) == [hers]
    assert between.case.customer == dev
    assert identify(IdentityKind.EMAIL, "dev@mail.example").customer == dev
    row.refresh_from_db()
    assert (row.agent, row.undone_by) == (sol, sol)
    with pytest.raises(CannotUndo, match="already"):
        undo_merge(row.pk, agent=sol.pk)


def test_who_was_merged_writes_into_the_others_case_as_the_customer(carla, dev, sol, writes, carlas_case):
    hint = ThreadHint(case=carlas_case.pk, proven=True, by="token")
    merge(dev.pk, carla.pk, agent=sol.pk)
    message = writes("dev@mail.example", "It is me, from work", thread=hint).message
    assert (message.party, message.case, message.customer) == (Party.CUSTOMER, carlas_case, dev)


def test_a_new_case_to_a_merged_customer_goes_to_an_address_of_theirs(carla, dev, sol, orders):
    Identity.objects.filter(customer=carla).delete()
    merge(dev.pk, carla.pk, agent=sol.pk)
    case = Case.objects.create(queue=orders, customer=carla)
    assert [line["address"] for line in derive_recipients(case, None, frozenset()).to] == ["dev@mail.example"]


def test_a_chain_leads_straight_to_the_root_and_each_merge_is_undone_by_itself(carla, dev, zoe, sol):
    first = merge(dev.pk, carla.pk, agent=sol.pk)
    second = merge(carla.pk, zoe.pk, agent=sol.pk)
    assert roots() == {"Dev": "Zoë", "Carla": "Zoë"}
    undo_merge(second.pk, agent=sol.pk)
    assert roots() == {"Dev": "Carla"}
    second = merge(carla.pk, zoe.pk, agent=sol.pk)
    undo_merge(first.pk, agent=sol.pk)
    assert roots() == {"Carla": "Zoë"}
    undo_merge(second.pk, agent=sol.pk)
    assert roots() == {}


def test_merging_a_merged_one_merges_its_root(carla, dev, zoe, sol):
    merge(dev.pk, carla.pk, agent=sol.pk)
    row = merge(dev.pk, zoe.pk, agent=sol.pk)
    assert (row.source, row.target) == (carla, zoe)
    assert roots() == {"Dev": "Zoë", "Carla": "Zoë"}


@pytest.mark.parametrize("pair", [(0, 0), (0, 1), (1, 0)])
def test_one_customer_is_not_merged_with_itself(carla, dev, sol, pair):
    both = [carla, dev]
    merge(dev.pk, carla.pk, agent=sol.pk)
    events = OutboxRow.objects.count()
    with pytest.raises(CannotMerge, match="already"):
        merge(both[pair[0]].pk, both[pair[1]].pk, agent=sol.pk)
    assert Merge.objects.count() == 1
    assert OutboxRow.objects.count() == events


def test_the_database_itself_refuses_chains_and_circles(carla, dev, zoe, sol):
    merge(dev.pk, carla.pk, agent=sol.pk)
    for who, into in ((zoe, dev), (carla, zoe), (carla, dev)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Customer.objects.filter(pk=who.pk).update(merged_into=into)
    assert roots() == {"Dev": "Carla"}


def test_chosen_values_are_taken_over_and_given_back(carla, dev, sol):
    change_customer(dev.pk, {"name": "Dev Patel-Ek", "language": "sv", "remarks": "Rings twice"}, agent=sol.pk)
    change_customer(carla.pk, {"remarks": "Has a dog", "time_zone": "Europe/Stockholm"}, agent=sol.pk)
    sides = {"name": Side.TAKE, "language": Side.TAKE, "remarks": Side.BOTH, "time_zone": Side.KEEP}
    row = merge(dev.pk, carla.pk, agent=sol.pk, sides=sides)
    carla.refresh_from_db()
    assert (carla.name, carla.given_name, carla.name_source) == ("Dev Patel-Ek", "Dev", NameSource.CONFIRMED)
    assert (carla.language, carla.remarks, carla.time_zone) == ("sv", "Has a dog\nRings twice", "Europe/Stockholm")
    change_customer(carla.pk, {"language": "fi"}, agent=sol.pk)
    undo_merge(row.pk, agent=sol.pk)
    carla.refresh_from_db()
    assert (carla.name, carla.given_name, carla.name_source) == ("Carla Nyström", "Carla", NameSource.HEADER)
    assert (carla.language, carla.remarks) == ("fi", "Has a dog")  # what was changed since is left alone


def test_a_field_that_nobody_chooses_is_refused_and_nothing_happens(carla, dev, sol):
    with pytest.raises(CannotMerge, match="merged_into"):
        merge(dev.pk, carla.pk, agent=sol.pk, sides={"merged_into": Side.TAKE})
    assert not Merge.objects.exists()


def test_a_name_that_comes_by_a_merged_address_is_its_own_customers(carla, sol):
    nameless = identify(IdentityKind.EMAIL, "bo@post.example").customer
    row = merge(nameless.pk, carla.pk, agent=sol.pk)
    identify(IdentityKind.EMAIL, "bo@post.example", name="Bo Ek")
    undo_merge(row.pk, agent=sol.pk)
    assert Customer.objects.get(pk=nameless.pk).name == "Bo Ek"
    assert Customer.objects.get(pk=carla.pk).name == "Carla Nyström"


def test_of_two_records_consents_the_latest_word_counts(carla, dev, sol, tuesday):
    set_consent(dev.pk, "sms", Purpose.SERVICE, granted=True, source="said so", agent=sol.pk)
    tuesday.advance(minutes(1))
    set_consent(carla.pk, "sms", Purpose.SERVICE, granted=False, source="wrote STOP", agent=sol.pk)
    merge(dev.pk, carla.pk, agent=sol.pk)
    (one,) = standing(Consent.objects.filter(customer__in=members(carla.pk)))
    assert (one.granted, one.source) == (False, "wrote STOP")


def test_addresses_of_both_are_corrected_as_one_customers(carla, dev, sol):
    merge(dev.pk, carla.pk, agent=sol.pk)
    devs = Identity.objects.get(value="dev@mail.example")
    assert add_identity(carla.pk, IdentityKind.EMAIL, "dev@mail.example", agent=sol.pk) == devs
    verify_identity(carla.pk, devs.pk, "answered a code", agent=sol.pk)
    devs.refresh_from_db()
    assert devs.verified_by == "answered a code"
    remove_identity(carla.pk, devs.pk, agent=sol.pk)
    assert not Identity.objects.filter(pk=devs.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_trail_says_who_merged_and_takes_it_back(carla, dev, sol):
    merge(dev.pk, carla.pk, agent=sol.pk)
    step = history(carla.pk)[0]
    assert (step.what, step.act, step.agent, step.changes["merge"][1]) == ("merge", "insert", sol.pk, "Dev Patel")
    undo(carla.pk, step.key, agent=sol.pk)
    assert roots() == {}
    latest = history(carla.pk)[0]
    assert (latest.what, latest.act, latest.key) == ("merge", "delete", "")
    with pytest.raises(CannotUndo):
        undo(carla.pk, step.key, agent=sol.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_merges_that_cross_give_one_root(carla, dev, zoe, sol, round_):
    first, second = at_once(
        lambda: merge(carla.pk, dev.pk, agent=sol.pk), lambda: merge(dev.pk, carla.pk, agent=sol.pk)
    )
    assert [type(first), type(second)].count(CannotMerge) == 1
    assert len(roots()) == 1
    assert Merge.objects.count() == 1
    at_once(
        *[lambda one=one, other=other: merge(one.pk, other.pk, agent=sol.pk)
          for one, other in ((carla, zoe), (zoe, dev), (dev, zoe), (zoe, carla))]
    )  # fmt: skip
    assert len({members(one.pk)[0] for one in (carla, dev, zoe)}) == 1
    assert no_chains()


@pytest.mark.django_db(transaction=True)
def test_a_merge_and_its_undoing_beside_incoming_mail_lose_and_move_nothing(carla, dev, sol, writes):
    row = merge(dev.pk, carla.pk, agent=sol.pk)
    at_once(
        lambda: undo_merge(row.pk, agent=sol.pk),
        *[lambda: writes("dev@mail.example", "Hello")] * 3,
        lambda: merge(carla.pk, dev.pk, agent=sol.pk),
        lambda: writes("carla@post.example", "Hello"),
    )
    assert Message.objects.filter(customer=dev, case__customer=dev).count() == 3
    assert Message.objects.filter(customer=carla, case__customer=carla).count() == 1
    assert no_chains()


@pytest.mark.django_db(transaction=True)
def test_undone_twice_at_once_is_undone_once(carla, dev, sol):
    row = merge(dev.pk, carla.pk, agent=sol.pk)
    results = at_once(*[lambda: undo_merge(row.pk, agent=sol.pk)] * 3)
    assert [isinstance(result, CannotUndo) for result in results].count(False) == 1
    assert roots() == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("together", [3, 1])
def test_those_who_merge_and_undo_among_eight_customers_never_wait_in_a_ring(sol, together, monkeypatch):
    monkeypatch.setattr(lock_trees, "TOGETHER", together)  # with 1, who is overtaken goes on alone at once
    monkeypatch.setattr(deadlock, "ATTEMPTS", 1)  # nobody is helped by trying again
    people = [make_customer(f"Guest {number}", f"guest{number}@post.example") for number in range(8)]
    said = at_once(*[lambda seed=seed: merging_and_undoing(people, sol, random.Random(seed)) for seed in range(8)])
    assert {words for some in said for words in some} == {
        "They are one customer already.", "This merge was undone already.",
    }  # fmt: skip
    into = dict(Merge.objects.filter(undone_at=None).values_list("source", "target"))
    for person in Customer.objects.all():
        root = person.pk
        while root in into:
            root = into[root]
        assert person.root_id == root
    assert no_chains()


def test_who_is_overtaken_again_and_again_is_told_and_nothing_is_done(carla, dev, zoe, sol, monkeypatch):
    row = merge(dev.pk, carla.pk, agent=sol.pk)
    lies = iter(range(1_000))
    monkeypatch.setattr(lock_trees, "_belongings", lambda asked: dict.fromkeys(asked, next(lies)))
    with pytest.raises(CannotMerge, match="Try again"):
        merge(carla.pk, zoe.pk, agent=sol.pk)
    with pytest.raises(CannotUndo, match="Try again"):
        undo_merge(row.pk, agent=sol.pk)
    refused = api_of(sol).post(f"/api/v1/merges/{row.pk}/undo/")
    assert (refused.status_code, "Try again" in refused.json()[0]) == (400, True)
    assert Merge.objects.get().undone_at is None
    assert roots() == {"Dev": "Carla"}


def merging_and_undoing(people, agent, dice, times=16):
    """As often, at random; what was refused."""
    refused = []
    for _ in range(times):
        try:
            if held := dice.random() < 0.5 and Merge.objects.filter(undone_at=None).order_by("?").first():
                undo_merge(held.pk, agent=agent.pk)
            else:
                merge(*(one.pk for one in dice.sample(people, 2)), agent=agent.pk)
        except (CannotMerge, CannotUndo) as error:
            refused.append(str(error))
    return refused


@pytest.mark.django_db(transaction=True)
def test_a_merge_and_an_address_stored_beside_it_never_wait_for_each_other(carla, zoe, sol):
    """The address holds the key of search; when it is written for good, its foreign key asks for the customer."""
    written, merging = Event(), Event()

    def store():
        with transaction.atomic():
            Identity.objects.create(customer=carla, kind=IdentityKind.EMAIL, value="new@mail.example")
            written.set()
            assert merging.wait(10)
            waited_for(connection)

    def merge_meanwhile():
        assert written.wait(10)
        merging.set()
        return merge(carla.pk, zoe.pk, agent=sol.pk)

    stored, row = at_once(store, merge_meanwhile)
    assert stored is None
    assert isinstance(row, Merge)
    assert roots() == {"Carla": "Zoë"}
    assert [hit.pk for hit in Customer.objects.filter(search_key__folded__contains="new@mail.example")] == [zoe.pk]
