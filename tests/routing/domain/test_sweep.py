"""What no event told, or whose bell was lost, is found by the sweeper."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.domain.presence import set_presence
from agents.enums import PresenceStatus
from foundation import bus
from foundation.outbox.models import OutboxRow
from interactions.models import WaitingRecord
from routing.domain.sweep import sweep
from routing.enums import OfferOutcome
from routing.models import Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def deaf():
    """Whatever was rung for since is lost."""

    def forget() -> None:
        OutboxRow.objects.all().delete()

    return forget


def test_mail_that_waits_for_an_agent_who_came_unheard_is_offered(writes, ana, at_work, tuesday, deaf):
    writes("carla@post.example")
    bus.drain()
    at_work(ana)
    deaf()
    assert bus.drain() == 0
    assert not Offer.objects.exists()

    assert sweep() == 1

    assert Offer.objects.open().get().agent == ana
    assert sweep() == 0  # once is enough


def test_an_offer_of_an_agent_who_left_unheard_is_taken_back(writes, ana, ben, at_work, tuesday, deaf):
    at_work(ana)
    writes("carla@post.example")
    bus.drain()
    set_presence(ana, PresenceStatus.OFFLINE)
    deaf()
    at_work(ben)

    sweep()

    assert Offer.objects.get(agent=ana).outcome == OfferOutcome.WITHDRAWN
    assert Offer.objects.open().get().agent == ben


def test_an_agent_added_to_the_queue_is_found(writes, cleo, orders, at_work, tuesday):
    at_work(cleo)
    writes("carla@post.example")
    bus.drain()
    assert sweep() == 0

    orders.members.add(cleo)

    assert sweep() == 1


def test_an_event_handled_twice_changes_nothing(writes, ana, at_work, tuesday):
    at_work(ana)
    writes("carla@post.example")
    rows = list(OutboxRow.objects.all())
    bus.drain()
    OutboxRow.objects.bulk_create(rows)

    bus.drain()

    assert Offer.objects.count() == WaitingRecord.objects.count() == 1


@pytest.mark.parametrize("waiting", [1, 3])
def test_a_sweep_over_waiting_mail_without_agents_costs_the_same_at_any_length(writes, waiting, tuesday):
    for number in range(waiting):
        writes(f"guest{number}@post.example")
    bus.drain()
    tuesday.advance(timedelta(minutes=1))

    with CaptureQueriesContext(connection) as queries:
        assert sweep() == 0

    statements = [query for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 6
