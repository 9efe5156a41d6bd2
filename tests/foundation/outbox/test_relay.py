"""With real processes: whatever happens to the broker or a worker, work that was committed is done, once in effect."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models import F

from foundation import bus, clock
from foundation.outbox.models import OutboxRow
from tests.foundation.bells import ClockStruck, TowerFell
from tests.foundation.outbox.plant import Broker, Plant, plant, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Plant]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE strokes (tower text NOT NULL)")
    with plant(Broker(tmp_path)) as built:
        yield built
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE strokes")


def strike(times: int) -> None:
    for number in range(times):
        with transaction.atomic():
            bus.publish(ClockStruck(tower=str(number)))


def struck() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tower FROM strokes")
        return [tower for (tower,) in cursor.fetchall()]


def all_done() -> bool:
    return not OutboxRow.objects.exists()


def test_work_is_done_though_the_broker_was_emptied_and_restarted_between_commit_and_work(works: Plant):
    works.start_relay()
    strike(20)
    assert until(lambda: works.broker.client.llen("live") == 1), "one ring for all of it"
    works.broker.client.flushall()
    strike(20)
    works.broker.kill()
    strike(20)
    assert struck() == []
    assert OutboxRow.objects.count() == 60

    works.broker.start()
    works.start_worker()

    assert until(all_done)
    assert Counter(struck()) == {str(tower): 3 for tower in range(20)}


def test_committing_work_is_quick_while_the_broker_is_away(works: Plant):
    works.broker.kill()
    began = clock.now()
    strike(10)
    assert (clock.now() - began).total_seconds() < 1
    assert OutboxRow.objects.count() == 10


def test_work_of_a_worker_killed_in_the_middle_of_it_is_done_again_and_counts_once(works: Plant, tmp_path: Path):
    marker = tmp_path / "fell"
    with transaction.atomic():
        bus.publish(TowerFell(tower="north", marker=str(marker)))
    works.start_worker()
    works.start_relay()

    assert until(marker.exists)
    assert until(lambda: OutboxRow.objects.filter(leased_until__gt=clock.now()).exists())
    assert struck() == [], "its transaction died with it"
    OutboxRow.objects.update(leased_until=F("created_at"))  # as if the lease had run out

    assert until(all_done)
    assert struck() == ["north"]


def test_two_relays_and_two_workers_do_each_piece_of_work_once(works: Plant):
    works.start_relay()
    works.start_relay()
    works.start_worker()  # of two processes
    for _ in range(4):
        strike(50)

    assert until(all_done)
    assert Counter(struck()) == {str(tower): 4 for tower in range(50)}


def test_relay_and_worker_go_on_when_their_connections_to_the_database_are_cut(works: Plant):
    works.start_relay()
    works.start_worker()
    strike(1)
    assert until(all_done), "both are at work"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        [cut] = cursor.fetchone()
    assert cut >= 3, "the relay's two and the worker's"

    strike(5)

    assert until(all_done)
    assert Counter(struck()) == {"0": 2, "1": 1, "2": 1, "3": 1, "4": 1}
