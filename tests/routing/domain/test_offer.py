"""A waiting mail is put before the agent whose turn it is."""

from datetime import timedelta

import pytest

from agents.domain.presence import set_presence
from agents.enums import PresenceStatus
from agents.models import Capacity, Proficiency, Skill
from foundation import bus
from interactions.channel import ThreadHint
from interactions.domain.assign import assign
from interactions.enums import Priority, WaitOutcome
from interactions.models import Segment, WaitingRecord
from routing.domain.answer import accept
from routing.enums import OfferOutcome
from routing.models import Offer
from routing.presenters import why

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning(tuesday):
    return tuesday


def test_a_new_mail_waits_and_is_offered_to_the_one_agent_who_is_there(writes, ana, ben, at_work):
    at_work(ana)

    case = writes("carla@post.example").message.case
    bus.drain()

    waiting = WaitingRecord.objects.get(case=case, ended_at=None)
    offer = Offer.objects.get()
    assert (offer.agent, offer.waiting, offer.outcome) == (ana, waiting, OfferOutcome.OPEN)
    assert offer.expires_at - offer.offered_at == timedelta(seconds=case.queue.offer_seconds)
    assert why(offer) == "0 today in 0.0 h, the only one available"


def test_without_anybody_there_it_waits_and_who_comes_gets_it(writes, ana, at_work):
    writes("carla@post.example")
    bus.drain()
    assert not Offer.objects.exists()

    at_work(ana)
    bus.drain()

    assert Offer.objects.get().agent == ana


def test_who_accepts_owns_the_case_and_handles_the_mail(writes, ana, at_work):
    at_work(ana)
    case = writes("carla@post.example").message.case
    bus.drain()

    accept(Offer.objects.get().pk, ana)
    bus.drain()

    case.refresh_from_db()
    assert case.owner == ana
    assert WaitingRecord.objects.get().outcome == WaitOutcome.ACCEPTED
    assert Segment.objects.get().accepted_at is not None
    assert Offer.objects.get().outcome == OfferOutcome.ACCEPTED


def test_the_next_goes_to_who_received_fewest_today_for_the_hours_they_were_there(writes, ana, ben, at_work, tuesday):
    at_work(ana)
    tuesday.advance(timedelta(hours=4))
    at_work(ben)
    tuesday.advance(timedelta(hours=2))
    for number in range(4):
        writes(f"guest{number}@post.example")
        bus.drain()
        for offer in Offer.objects.open():
            tuesday.advance(timedelta(seconds=10))
            accept(offer.pk, offer.agent)
            bus.drain()

    # Ana was there for six hours, Ben for two: she gets three of four.
    assert Offer.objects.filter(agent=ana).count() == 3
    assert Offer.objects.filter(agent=ben).count() == 1


def test_the_reason_is_kept_in_figures_and_told_in_words(writes, ana, ben, at_work, tuesday):
    at_work(ana)
    writes("carla@post.example")
    bus.drain()
    accept(Offer.objects.get().pk, ana)
    at_work(ben)
    tuesday.advance(timedelta(hours=2))

    writes("dev@mail.example")
    bus.drain()

    offer = Offer.objects.open().get()
    assert offer.agent == ben
    assert why(offer) == "0 today in 2.0 h, the fewest of 2 available"
    figures = offer.reason["candidates"]
    assert [each["agent"] for each in figures] == [str(ben.pk), str(ana.pk)]
    assert [(each["received"], each["load"], each["limit"]) for each in figures] == [(0, 0, 3), (1, 1, 3)]


def test_of_equals_the_longest_idle_goes_first(writes, ana, ben, at_work, tuesday):
    at_work(ben)
    tuesday.advance(timedelta(minutes=12))
    at_work(ana)
    tuesday.advance(timedelta(minutes=1))

    writes("carla@post.example")
    bus.drain()

    offer = Offer.objects.get()
    assert offer.agent == ben
    assert why(offer) == "0 today in 0.2 h, no more than anybody of 2 available, and idle longest (13 min)"


def test_the_most_urgent_goes_first_then_the_one_that_waits_longest(writes, ana, at_work, tuesday):
    for name, priority in (("early", None), ("later", None), ("urgent", Priority.URGENT)):
        writes(f"{name}@post.example", priority=priority)
        tuesday.advance(timedelta(minutes=1))
    bus.drain()
    at_work(ana)
    order = []
    for _ in range(3):
        bus.drain()
        offer = Offer.objects.open().get()
        order.append(offer.interaction.messages.get().sender_address)
        accept(offer.pk, ana)

    assert order == ["urgent@post.example", "early@post.example", "later@post.example"]


def test_nobody_gets_more_than_fits_and_the_rest_waits(writes, ana, at_work):
    Capacity.objects.create(agent=ana, channel="email", limit=2)
    at_work(ana)
    for number in range(3):
        writes(f"guest{number}@post.example")
    bus.drain()
    for _ in range(2):
        accept(Offer.objects.open().get().pk, ana)
        bus.drain()

    assert not Offer.objects.open().exists()
    assert WaitingRecord.objects.filter(ended_at=None).count() == 1


def test_a_skill_that_the_queue_needs_is_asked_of_the_agent(writes, ana, ben, orders, at_work):
    swedish = Skill.objects.create(name="Swedish")
    orders.skills.add(swedish)
    at_work(ana, ben)
    writes("carla@post.example")
    bus.drain()
    assert not Offer.objects.exists()

    Proficiency.objects.create(agent=ben, skill=swedish, level=2)
    writes("dev@mail.example")
    bus.drain()

    assert Offer.objects.get().agent == ben


def test_nobody_is_troubled_with_automatic_mail_or_mail_of_a_queue_not_theirs(writes, cleo, ana, at_work):
    at_work(cleo)
    writes("carla@post.example")
    bus.drain()
    assert not Offer.objects.exists()

    at_work(ana)
    bus.drain()
    accept(Offer.objects.get().pk, ana)
    writes("robot@shop.example", automatic=True)
    bus.drain()

    assert Offer.objects.count() == 1
    assert WaitingRecord.objects.count() == 1


def test_two_mails_of_one_case_go_to_one_agent_together(writes, ana, ben, at_work):
    first = writes("carla@post.example")
    writes(
        "carla@post.example",
        "And where is the other one?",
        thread=ThreadHint(case=first.message.case_id, proven=True, by="test"),
    )
    at_work(ana, ben)
    bus.drain()

    offer = Offer.objects.get()
    accept(offer.pk, offer.agent)
    bus.drain()

    assert Offer.objects.count() == 1
    assert not WaitingRecord.objects.filter(ended_at=None).exists()
    assert Segment.objects.filter(agent=offer.agent, accepted_at__isnull=False).count() == 2


def test_who_takes_a_case_by_hand_ends_the_offer_to_another(writes, ana, ben, at_work):
    at_work(ana)
    case = writes("carla@post.example").message.case
    bus.drain()

    assign(case.pk, ben, by=ben)
    bus.drain()

    assert Offer.objects.get().outcome == OfferOutcome.WITHDRAWN
    assert not Segment.objects.filter(agent=ana, ended_at=None).exists()


def test_who_goes_away_loses_the_offer_at_once_to_who_is_there(writes, ana, ben, at_work):
    at_work(ana)
    writes("carla@post.example")
    bus.drain()
    at_work(ben)

    set_presence(ana, PresenceStatus.AWAY)
    bus.drain()

    assert Offer.objects.get(agent=ana).outcome == OfferOutcome.WITHDRAWN
    assert Offer.objects.open().get().agent == ben
