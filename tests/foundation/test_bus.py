"""Events in the transaction they tell of, and what follows them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string

from customers.models import Customer
from foundation import bus, clock, registry
from foundation.keys import new_key
from foundation.outbox import claim, sweep, work
from foundation.outbox.models import OutboxRow
from foundation.stream_position import advance, positions
from tests.foundation.bells import BellRung

pytestmark = pytest.mark.django_db
heard: list[object] = []


@pytest.fixture(autouse=True)
def own_receivers() -> Iterator[None]:
    heard.clear()
    yield
    registry.forget_module(__name__)


def ring(**facts: object) -> BellRung:
    event = BellRung(bell=new_key(), **facts)
    with transaction.atomic():
        bus.publish(event)
    return event


def test_what_follows_an_event_is_done_once_and_its_row_is_gone():
    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    event = ring(tower="Südturm", strokes=(1, 2), until=clock.now())
    assert heard == []

    assert bus.drain() == 1

    assert heard == [event]
    assert not OutboxRow.objects.exists()
    assert bus.drain() == 0


def test_what_is_put_off_is_done_when_its_time_has_come_and_not_before():
    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    event = BellRung(bell=new_key())
    with clock.stopped_at(clock.now()) as stopped:
        with transaction.atomic():
            bus.publish_at(stopped.moment + timedelta(seconds=30), event)
        stopped.advance(timedelta(seconds=29))
        assert bus.drain() == 0
        assert sweep.due_queues() == []
        stopped.advance(timedelta(seconds=1))
        assert sweep.due_queues() == ["live"]
        assert bus.drain() == 1
    assert heard == [event]


def test_what_is_received_within_its_transaction_cannot_be_put_off():
    @bus.within(BellRung)
    def listen(event):
        heard.append(event)

    with pytest.raises(ValueError, match="cannot be put off"), transaction.atomic():
        bus.publish_at(clock.now(), BellRung(bell=new_key()))
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused():
    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    with pytest.raises(bus.NotInTransaction):
        bus.publish(BellRung(bell=new_key()))

    assert not OutboxRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_leaves_no_work():
    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    with transaction.atomic():
        bus.publish(BellRung(bell=new_key()))
        transaction.set_rollback(True)

    assert bus.drain() == 0
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_receiver_within_the_transaction_undoes_the_change_when_it_fails():
    @bus.within(BellRung)
    def refuse(event):
        raise PermissionError

    @transaction.atomic
    def change() -> None:
        advance(["tower.north"])
        bus.publish(BellRung(bell=new_key()))

    with pytest.raises(PermissionError):
        change()

    assert positions(["tower.north"]) == {"tower.north": 0}


def test_a_failing_receiver_is_tried_again_after_a_pause_and_the_others_are_not_held_up():
    fails = [ValueError("not yet"), ValueError("not yet")]

    @bus.after(BellRung)
    def stumble(event):
        advance(["tower.stumble"])
        if fails:
            raise fails.pop()

    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    with clock.stopped_at(clock.now()) as still:
        event = ring()
        with pytest.raises(ValueError, match="not yet"):
            bus.drain()
        assert heard == [event]
        row = OutboxRow.objects.get()
        assert (row.attempts, "not yet" in row.error, row.lease) == (1, True, None)
        assert positions(["tower.stumble"])["tower.stumble"] == 0, "what a failed receiver wrote is undone"
        assert bus.drain() == 0, "it rests first"

        still.advance(timedelta(seconds=2))
        assert bus.drain(raising=False) == 0
        still.advance(timedelta(seconds=3))
        assert bus.drain() == 1

    assert positions(["tower.stumble"])["tower.stumble"] > 0
    assert not OutboxRow.objects.exists()


def test_a_row_that_never_succeeds_is_laid_out_as_dead_and_can_be_revived():
    broken = [True]

    @bus.after(BellRung)
    def stumble(event):
        if broken:
            raise ValueError("the rope is torn")
        heard.append(event)

    with clock.stopped_at(clock.now()) as still:
        event = ring()
        for _ in range(claim.MAX_ATTEMPTS):
            assert bus.drain(raising=False) == 0
            still.advance(timedelta(hours=2))
        assert [row.receiver.rsplit(".", 1)[-1] for row in sweep.dead_letters()] == ["stumble"]
        assert sweep.due_queues() == []
        assert [each.dead for each in sweep.backlog() if each.queue == "live"] == [1]

        broken.clear()
        assert bus.drain() == 0
        assert sweep.revive() == 1
        assert bus.drain() == 1

    assert heard == [event]


def test_a_batch_comes_in_one_list_and_one_bad_event_does_not_fail_the_others():
    @bus.after(BellRung, batch=True)
    def listen(events):
        if any(event.tower == "broken" for event in events):
            raise ValueError("broken")
        heard.append([event.tower for event in events])

    for tower in ("a", "b", "c"):
        ring(tower=tower)
    assert bus.drain() == 3
    assert heard == [["a", "b", "c"]]

    for tower in ("d", "broken", "e"):
        ring(tower=tower)
    assert bus.drain(raising=False) == 2
    assert heard[1:] == [["d"], ["e"]]
    assert OutboxRow.objects.get().payload["tower"] == "broken"


def test_events_of_one_key_wait_for_each_other_and_those_of_other_keys_do_not():
    fails = [ValueError("first")]

    @bus.after(BellRung, order_by=lambda event: event.tower)
    def listen(event):
        if event.strokes == (1,) and fails:
            raise fails.pop()
        heard.append((event.tower, *event.strokes))

    with clock.stopped_at(clock.now()) as still:
        for tower, stroke in (("north", 1), ("north", 2), ("south", 9), ("north", 3)):
            ring(tower=tower, strokes=(stroke,))
        assert bus.drain(raising=False) == 1
        assert heard == [("south", 9)]
        still.advance(timedelta(seconds=2))
        assert bus.drain() == 3

    assert heard[1:] == [("north", 1), ("north", 2), ("north", 3)]


def test_a_receiver_with_its_own_transactions_keeps_what_it_wrote_before_it_failed():
    @bus.after(BellRung, atomic=False)
    def act(event):
        with transaction.atomic():
            advance(["tower.act"])
        raise ConnectionError

    ring()
    assert bus.drain(raising=False) == 0

    assert positions(["tower.act"])["tower.act"] > 0
    assert OutboxRow.objects.get().attempts == 1


def test_a_row_whose_lease_was_taken_over_is_not_done_by_the_first_worker():
    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    with clock.stopped_at(clock.now()) as still:
        ring()
        slow = new_key()
        rows = claim.claim("live", slow, 10)
        assert claim.claim("live", new_key(), 10) == []
        still.advance(claim.LEASE + timedelta(seconds=1))
        assert sweep.due_queues() == ["live"]
        assert bus.drain() == 1
        assert claim.close(rows, slow) == []

    assert len(heard) == 1


def test_work_owed_by_a_clock_that_was_wrong_is_done_all_the_same():
    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    with clock.stopped_at(clock.now() + timedelta(days=1)):
        ring()  # written by a process that is a day ahead
        claim.claim("live", new_key(), 10)
        ring()
    OutboxRow.objects.filter(lease=None).update(run_after=clock.now() + timedelta(days=1))
    assert sweep.due_queues() == ["live"]
    assert bus.drain() == 2
    assert len(heard) == 2
    assert sweep.backlog()[0].oldest == timedelta()


def test_a_claim_takes_no_more_than_its_limit():
    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    for _ in range(30):
        ring()
    assert len(claim.claim("live", new_key(), 7)) == 7
    assert OutboxRow.objects.exclude(lease=None).count() == 7


def test_a_row_for_a_receiver_of_another_release_waits_and_says_so():
    @bus.after(BellRung)
    def gone(event):
        heard.append(event)

    ring()
    registry.forget_module(__name__)
    with pytest.raises(registry.UnknownReceiver, match="gone"):
        bus.drain()
    assert OutboxRow.objects.get().attempts == 1


def test_an_event_of_an_older_version_is_read_as_todays():
    @dataclass(frozen=True, kw_only=True)
    class Recast(bus.Event):
        version = 2
        weight_in_grams: int

        @classmethod
        def upgrade(cls, fields, version):
            return {**fields, "weight_in_grams": fields["weight"] * 1000}

    @bus.after(Recast)
    def listen(event):
        heard.append(event.weight_in_grams)

    with transaction.atomic():
        bus.publish(Recast(weight_in_grams=1))
    OutboxRow.objects.update(version=1, payload={"occurred_at": "2026-01-01T00:00:00+00:00", "weight": 7})
    assert bus.drain() == 1
    assert heard == [7000]


@pytest.mark.parametrize("hint", [object, dict[str, str], list[int], tuple[object, ...], int | bytes])
def test_an_event_with_anything_but_plain_values_is_refused_when_its_class_is_made(hint):
    with pytest.raises(TypeError, match="plain values"):
        type(f"Bad{get_random_string(6)}", (bus.Event,), {"__annotations__": {"cargo": hint}, "__module__": __name__})


@pytest.mark.parametrize(
    "register",
    [
        lambda: bus.after(BellRung, queue="fast"),
        lambda: bus.after(BellRung, batch=True, atomic=False),
    ],
)
def test_a_receiver_that_cannot_work_is_refused_when_it_registers(register: Callable[[], object]):
    with pytest.raises(ValueError):
        register()(lambda event: None)


def test_publishing_costs_one_statement_however_many_receive(django_assert_num_queries):
    for number in range(3):

        def listen(event):
            heard.append(event)

        listen.__qualname__ = f"listen_{number}"
        bus.after(BellRung)(listen)

    with transaction.atomic(), django_assert_num_queries(1):
        bus.publish(BellRung(bell=new_key()))
    assert OutboxRow.objects.count() == 3


def test_several_events_cost_one_statement_and_are_handled_in_their_order(django_assert_num_queries):
    @bus.after(BellRung)
    def listen(event):
        heard.append(event.tower)

    with transaction.atomic(), django_assert_num_queries(1):
        bus.publish_all(BellRung(bell=new_key(), tower=tower) for tower in "abc")
    bus.drain()
    assert heard == ["a", "b", "c"]


@pytest.mark.django_db(transaction=True)
def test_rows_and_what_they_tell_are_one_statement_that_is_its_own_transaction(django_assert_num_queries):
    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    event = BellRung(bell=new_key())
    customers = [Customer(name="Carla"), Customer(name="Dev")]
    with django_assert_num_queries(1):
        bus.publish_with(customers, event)
    customers[0].name = "Zoë"
    customers[0].save()  # it is known to be there, so this updates

    assert sorted(Customer.objects.values_list("name", flat=True)) == ["Dev", "Zoë"]
    assert bus.drain() == 1
    assert heard == [event]

    with pytest.raises(IntegrityError):
        bus.publish_with([Customer(id=customers[1].pk)], event)
    assert not OutboxRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rows_and_what_they_tell_go_with_the_transaction_around_them_or_with_who_receives_in_it():
    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    with transaction.atomic():
        bus.publish_with([Customer()], BellRung(bell=new_key()))
        transaction.set_rollback(True)
    assert not Customer.objects.exists()
    assert not OutboxRow.objects.exists()

    @bus.within(BellRung)
    def refuse(event):
        raise ValueError("No bells here.")

    with pytest.raises(ValueError, match="No bells"):
        bus.publish_with([Customer()], BellRung(bell=new_key()))
    assert not Customer.objects.exists()
    assert not OutboxRow.objects.exists()


def test_a_process_remembers_of_each_queue_how_much_it_can_take_at_once(monkeypatch):
    portions = []

    @bus.after(BellRung, queue="bulk", batch=True)
    def listen(events):
        portions.append(len(events))

    def ring_often(count):
        portions.clear()
        with transaction.atomic():
            bus.publish_all(BellRung(bell=new_key()) for _ in range(count))
        assert work.work("bulk") == count
        return portions

    monkeypatch.setattr(work, "_at_once", {})
    monkeypatch.setattr(work, "SLOW_PORTION", 1_000)
    assert ring_often(130) == [10, 20, 40, 60]
    assert ring_often(100) == [80, 20]
    assert ring_often(150) == [100, 50]
    monkeypatch.setattr(work, "SLOW_PORTION", -1)
    assert ring_often(140) == [100, 40]
    assert ring_often(40) == [25, 12, 3]


def test_what_a_killed_worker_had_is_tried_alone_after_the_others_and_laid_out_when_it_kills_each_time():
    @bus.after(BellRung, batch=True)
    def listen(events):
        heard.append([event.tower for event in events])

    ring(tower="killer")
    taken = claim.claim("live", new_key(), 10)
    assert [row.attempts for row in taken] == [0]  # and with it the worker died
    for tower in "ab":
        ring(tower=tower)

    with clock.stopped_at(clock.now() + claim.LEASE + timedelta(seconds=1)):
        bus.drain()
    assert heard == [["a", "b"], ["killer"]]


def test_a_row_that_every_worker_died_of_is_laid_out_as_dead_and_can_be_revived():
    @bus.after(BellRung)
    def listen(event):
        heard.append(event)

    ring()
    with clock.stopped_at(clock.now()) as stopped:
        for attempt in range(claim.MAX_ATTEMPTS):
            assert [row.attempts for row in claim.claim("live", new_key(), 10)] == [attempt]
            stopped.advance(claim.LONG_LEASE + timedelta(seconds=1))
        assert claim.claim("live", new_key(), 10) == []
    dead = sweep.dead_letters().get()
    assert "died" in dead.error
    assert sweep.revive() == 1
    bus.drain()
    assert len(heard) == 1
