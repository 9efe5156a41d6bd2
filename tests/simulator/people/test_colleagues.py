import random
from datetime import UTC, datetime, timedelta

import pytest

from agents.domain.presence import set_presence
from agents.enums import PresenceStatus
from agents.models import Agent, Presence
from foundation import bus, clock
from interactions.channel import Contact, InboundMessage
from interactions.domain.receive import receive
from interactions.enums import Direction
from interactions.models import Message, Queue, Segment
from routing.enums import OfferOutcome
from routing.models import Offer
from simulator.models import Part
from simulator.people import colleagues
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
