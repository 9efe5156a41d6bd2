"""Several workers decide at once, on a real PostgreSQL: turns are kept, nobody gets anything twice or too much."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from agents.models import Agent, Capacity
from interactions.domain.handle import open_load
from interactions.domain.status import set_status
from interactions.domain.wait import wait
from interactions.enums import CaseStatus, SegmentOutcome
from interactions.errors import NotAllowed
from interactions.models import Case, Segment, WaitingRecord
from routing.domain.answer import accept, expire
from routing.domain.offer import offer_all, offer_next
from routing.enums import OfferOutcome
from routing.errors import OfferOver
from routing.models import Offer

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4


def at_once(*works: Callable[[], object]) -> list[object]:
    """Does each in a thread of its own, all beginning together; what they returned, failures raised."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.fixture
def mails_wait(writes):
    def send(number: int, **fields: object) -> None:
        for each in range(number):
            message = writes(f"guest{each}@post.example", **fields).message
            wait(message.interaction, message.case)

    return send


def accept_all() -> None:
    for offer in Offer.objects.open().select_related("agent"):
        accept(offer.pk, offer.agent)


def finish_one(agent: Agent) -> None:
    """Answers and closes what the agent has had in hand for longest."""
    case = Case.objects.filter(owner=agent).exclude(status=CaseStatus.RESOLVED).order_by("created_at").first()
    if case is not None:
        set_status(case.pk, CaseStatus.RESOLVED, agent=agent)


def received(agent: Agent) -> int:
    return Offer.objects.filter(agent=agent, outcome=OfferOutcome.ACCEPTED).count()


def nobody_has_too_much(*agents: Agent) -> bool:
    return all(load <= 3 for load in open_load([agent.pk for agent in agents], "email").values())


def test_two_agents_at_the_same_pace_share_a_hundred_mails_evenly(orders, ana, ben, at_work, mails_wait):
    at_work(ana, ben)
    mails_wait(100)

    while WaitingRecord.objects.filter(ended_at=None).exists():
        at_once(*[lambda: offer_all([orders], ["email"])] * WORKERS)
        assert nobody_has_too_much(ana, ben)
        accept_all()
        if Segment.objects.filter(ended_at=None).count() == 6:
            finish_one(ana)
            finish_one(ben)

    assert received(ana) + received(ben) == 100
    assert abs(received(ana) - received(ben)) <= 1
    assert Offer.objects.count() == 100  # none was offered twice


def test_with_one_agent_at_half_pace_nobody_is_idle_while_mail_waits(orders, ana, ben, at_work, mails_wait):
    at_work(ana, ben)
    mails_wait(30)

    tick = 0
    while WaitingRecord.objects.filter(ended_at=None).exists():
        at_once(*[lambda: offer_all([orders], ["email"])] * WORKERS)
        if WaitingRecord.objects.filter(ended_at=None, offers=None).exists():
            for agent, load in open_load([ana.pk, ben.pk], "email").items():
                assert load == 3 or Offer.objects.open().filter(agent=agent).exists()
        accept_all()
        tick += 1
        finish_one(ana)
        if tick % 2:
            finish_one(ben)

    assert received(ana) > received(ben) >= 8


def test_two_queues_that_share_an_agent_do_not_both_give_him_his_last_place(orders, returns, ana, at_work, mails_wait):
    returns.members.add(ana)
    Capacity.objects.create(agent=ana, channel="email", limit=1)
    at_work(ana)
    mails_wait(6)
    mails_wait(6, queue=returns.pk)

    made = at_once(*[lambda: offer_next(orders, "email"), lambda: offer_next(returns, "email")] * WORKERS)

    assert len([offer for offer in made if offer]) == 1
    assert Segment.objects.filter(agent=ana, ended_at=None).count() == 1


def test_an_offer_ends_in_one_way_when_it_is_accepted_and_runs_out_at_once(orders, ana, at_work, mails_wait, tuesday):
    at_work(ana)
    mails_wait(1)
    offer = offer_next(orders, "email")
    tuesday.advance(offer.expires_at - offer.offered_at)

    def try_to_accept() -> bool:
        try:
            accept(offer.pk, ana)
        except OfferOver:
            return False
        return True

    accepted, *expired = at_once(try_to_accept, *[lambda: expire(offer)] * 3)

    assert [accepted, *expired].count(True) == 1
    offer.refresh_from_db()
    assert offer.outcome == (OfferOutcome.ACCEPTED if accepted else OfferOutcome.EXPIRED)
    assert Case.objects.get().owner == (ana if accepted else None)
    assert Segment.objects.get().outcome == (SegmentOutcome.HANDLING if accepted else SegmentOutcome.EXPIRED)


def test_accepting_twice_at_once_is_accepting_once(orders, ana, ben, at_work, mails_wait):
    at_work(ana)
    mails_wait(1)
    offer = offer_next(orders, "email")

    at_once(*[lambda: accept(offer.pk, ana)] * 3)

    assert Case.objects.get().assignments.count() == 1
    assert Segment.objects.count() == 1
    with pytest.raises(NotAllowed):
        accept(offer.pk, ben)
