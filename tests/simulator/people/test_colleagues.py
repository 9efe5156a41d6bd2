import random
from datetime import UTC, datetime, timedelta

import pytest

from agents.domain.presence import set_presence
from agents.enums import PresenceReason, PresenceStatus
from agents.models import Agent, Presence
from foundation import bus, clock
from interactions.channel import Contact, InboundMessage
from interactions.domain.receive import receive
from interactions.enums import Direction
from interactions.models import Message, Queue, Segment, WaitingRecord
from routing.domain.answer import accept
from routing.domain.sweep import sweep
from routing.enums import OfferOutcome
from routing.models import Offer
from simulator.models import Part
from simulator.people import colleagues
from simulator.people.room import leaving_room
from tests.simulator.small_world import small_world

A_TUESDAY = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, home):
    with clock.stopped_at(A_TUESDAY), small_world(django_db_blocker, home) as facts:
        yield facts


@pytest.fixture
def morning(facts):
    """A busy morning in the demo world; time moves when told to."""
    with clock.stopped_at(A_TUESDAY) as stopped:
        yield stopped


def a_while(morning, minutes: float, *, step: float = 4) -> None:
    """Lets the colleagues live through it."""
    rng = random.Random(7)
    until = clock.now() + timedelta(minutes=minutes)
    while clock.now() < until:
        morning.advance(timedelta(seconds=step))
        colleagues.keep_hours()
        colleagues.take_offers()
        colleagues.work_off(rng)
        sweep()
        bus.drain()


def somebody_writes(number: int) -> None:
    receive(
        InboundMessage(
            channel="email",
            external_id=f"fresh {number}",
            queue=Queue.objects.get(name="Orders").pk,
            sender=Contact(address=f"zoe{number}@home.example"),
            sender_kind="email",
            received_at=clock.now(),
            subject="Where is my lamp?",
            text="Where is it?",
            reply_text="Where is it?",
        )
    )


def at_work() -> set[str]:
    present = Presence.objects.filter(ended_at=None, status=PresenceStatus.AVAILABLE)
    return set(present.values_list("agent__username", flat=True))


def test_they_come_by_the_rota_and_go_by_it(morning):
    colleagues.keep_hours()
    assert 6 <= len(at_work()) <= 24
    assert colleagues.keep_hours() == 0
    morning.advance(timedelta(hours=15))
    colleagues.keep_hours()
    assert 1 <= len(at_work()) <= 4  # the night watch


def test_they_accept_what_they_are_offered_and_answer_it(morning):
    for number in range(12):
        somebody_writes(number)
    a_while(morning, 10)
    accepted = Offer.objects.filter(outcome=OfferOutcome.ACCEPTED)
    assert accepted.count() >= 8
    assert all(offer.answered_at > offer.offered_at for offer in accepted)
    fresh = Message.objects.filter(direction=Direction.OUTBOUND, author__simulated=True, created_at__gte=A_TUESDAY)
    assert fresh.count() >= 4
    assert set(fresh.values_list("case__status", flat=True)) <= {"waiting_customer", "open"}


def test_they_never_act_for_somebody_with_a_printed_sign_in(morning):
    ana, ben = (Agent.objects.get(username=name) for name in ("ana", "ben"))
    set_presence(ana, PresenceStatus.AVAILABLE)
    set_presence(ben, PresenceStatus.AVAILABLE)
    for number in range(2):
        somebody_writes(number)
    bus.drain()
    printed = Part.objects.filter(printed=True).values("agent")
    assert Offer.objects.open().filter(agent__in=printed).exists()
    a_while(morning, 3)
    assert not Offer.objects.filter(
        agent__in=printed, outcome__in=(OfferOutcome.ACCEPTED, OfferOutcome.DECLINED)
    ).exists()
    assert not Segment.objects.filter(agent__in=printed, accepted_at__gte=A_TUESDAY).exists()
    assert not Message.objects.filter(author__in=printed, created_at__gte=A_TUESDAY).exists()
    assert not colleagues.played().filter(pk__in=printed).exists()


def test_somebody_printed_is_left_alone_even_when_marked_as_simulated_by_mistake(morning):
    Agent.objects.filter(username="ana").update(simulated=True)
    colleagues.keep_hours()
    assert "ana" not in at_work()


def test_killed_and_started_again_they_go_on_where_they_were(morning):
    a_while(morning, 0.5)
    offers = Offer.objects.count()
    # Nothing is in memory: the next run sees the same rows, and has nothing to say twice.
    rng = random.Random(99)
    colleagues.keep_hours()
    colleagues.work_off(rng)
    assert Offer.objects.count() == offers
    a_while(morning, 6)
    doubled = Message.objects.filter(created_at__gte=A_TUESDAY, author__simulated=True).values_list(
        "answers", flat=True
    )
    assert len(set(doubled)) == len(doubled) > 0


@pytest.fixture
def calm(morning):
    """The same morning with yesterday's mail off everybody's desk, and the colleagues at work."""
    WaitingRecord.objects.filter(ended_at=None).update(ended_at=clock.now(), outcome="withdrawn")
    colleagues.keep_hours()
    bus.drain()
    return morning


@pytest.fixture
def newcomer(calm) -> Agent:
    """Somebody who signed in with the first printed name and became available."""
    agent = Agent.objects.get(username="ana")
    set_presence(agent, PresenceStatus.AVAILABLE)
    bus.drain()
    return agent


def at_orders() -> int:
    present = Presence.objects.filter(ended_at=None, status=PresenceStatus.AVAILABLE, agent__queues__name="Orders")
    return present.exclude(agent__username="ana").count()


def test_what_a_newcomer_writes_comes_to_the_newcomer_until_both_hands_are_full(newcomer, calm):
    assert at_orders() == 0
    for number in range(3):
        somebody_writes(number)
        bus.drain()
        offer = Offer.objects.open().get(case__customer__identities__value=f"zoe{number}@home.example")
        assert offer.agent == newcomer
        accept(offer.pk, newcomer)
        bus.drain()
        a_while(calm, 0.2)
    assert at_orders() > 3
    somebody_writes(3)
    bus.drain()
    assert Offer.objects.get(case__customer__identities__value="zoe3@home.example").agent.simulated


def test_what_the_newcomer_does_not_answer_is_soon_with_a_colleague(newcomer, calm):
    somebody_writes(0)
    bus.drain()
    assert Offer.objects.open().get().agent == newcomer
    a_while(calm, 1, step=6)
    assert Offer.objects.get(agent=newcomer).outcome == "expired"
    assert Offer.objects.exclude(agent=newcomer).get().agent.simulated


def test_without_a_person_the_colleagues_work(newcomer, calm):
    set_presence(newcomer, PresenceStatus.AWAY, PresenceReason.LUNCH)
    bus.drain()
    assert at_orders() > 3


def test_who_is_waited_for_by_name_or_has_an_offer_stays(calm):
    crew = list(Agent.objects.filter(pk__in=colleagues.played(), queues__name="Orders", presences__ended_at=None)[:3])
    for number in range(20):
        somebody_writes(number)
        bus.drain()
    offered = set(Offer.objects.open().values_list("agent", flat=True))
    assert offered
    named = next(agent for agent in crew if agent.pk not in offered)
    waiting = WaitingRecord.objects.filter(ended_at=None).exclude(offers__outcome="open")
    waiting.update(named_agent=named, named_until=clock.now() + timedelta(hours=1))
    set_presence(Agent.objects.get(username="ana"), PresenceStatus.AVAILABLE)

    leaving = leaving_room(colleagues.played().values_list("pk", flat=True))

    assert leaving
    assert not leaving & {named.pk, *offered}


def test_what_waits_in_vain_brings_them_back(newcomer, calm):
    Offer.objects.all().delete()
    for number in range(2):
        somebody_writes(number)
        bus.drain()  # the second waits behind the first
    assert at_orders() == 0
    calm.advance(timedelta(seconds=21))
    colleagues.keep_hours()
    assert at_orders() > 3
