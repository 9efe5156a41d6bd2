"""A customer who writes again comes back to the agent who knows the case, unless that takes too long."""

from datetime import timedelta

import pytest

from agents.domain.presence import set_presence
from agents.enums import PresenceReason, PresenceStatus
from foundation import bus, clock
from interactions.channel import ThreadHint
from interactions.domain.assign import assign
from interactions.domain.draft import save_draft
from interactions.domain.handle import end_handling
from interactions.domain.recipients import Recipients
from interactions.enums import DraftKind
from interactions.models import Segment, WaitingRecord
from routing.domain.answer import accept, decline
from routing.domain.owner import owners_claim
from routing.domain.sweep import sweep
from routing.models import Offer
from routing.presenters import why
from tests.people import minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def anas_case(writes, ana, at_work, tuesday):
    """Ana has answered Carla; the case is hers."""
    at_work(ana)
    case = writes("carla@post.example").message.case
    bus.drain()
    accept(Offer.objects.get().pk, ana)
    end_handling(case.pk)
    bus.drain()
    Offer.objects.all().delete()
    return case


@pytest.fixture
def carla_writes_again(writes, anas_case):
    def write() -> WaitingRecord:
        writes("carla@post.example", "Still waiting", thread=ThreadHint(case=anas_case.pk, proven=True, by="test"))
        bus.drain()
        return WaitingRecord.objects.get(ended_at=None)

    return write


def test_it_is_offered_to_the_owner_who_is_there(carla_writes_again, ana, ben, at_work):
    at_work(ben)

    waiting = carla_writes_again()

    offer = Offer.objects.open().get()
    assert offer.agent == ana
    assert why(offer) == "Ana Lindqvist has the case and is available"
    assert waiting.named_until == clock.now() + timedelta(hours=1)


def test_it_waits_for_the_owner_who_has_no_room_until_the_limit_is_over(carla_writes_again, ana, ben, at_work, tuesday):
    at_work(ben)
    ana.capacities.create(channel="email", limit=0)
    carla_writes_again()
    assert not Offer.objects.exists()

    tuesday.advance(timedelta(minutes=60))
    sweep()

    assert Offer.objects.open().get().agent == ben


def test_it_waits_for_the_owner_who_is_due_back_in_time(carla_writes_again, ana, ben, at_work, tuesday):
    at_work(ben)
    set_presence(ana, PresenceStatus.AWAY, PresenceReason.LUNCH, back_at=clock.now() + timedelta(minutes=45))
    carla_writes_again()
    assert not Offer.objects.exists()

    tuesday.advance(timedelta(minutes=45))
    set_presence(ana, PresenceStatus.AVAILABLE)
    bus.drain()

    assert Offer.objects.open().get().agent == ana


def test_it_goes_to_the_queue_with_the_owner_named_who_is_back_too_late(carla_writes_again, ana, ben, at_work):
    at_work(ben)
    set_presence(ana, PresenceStatus.AWAY, back_at=clock.now() + timedelta(minutes=61))

    waiting = carla_writes_again()

    assert (waiting.named_agent, waiting.named_until) == (ana, None)
    assert Offer.objects.open().get().agent == ben


def test_the_limit_counts_business_time_only(carla_writes_again, ana, ben, at_work, tuesday):
    tuesday.advance(timedelta(hours=6, minutes=30))  # half past four in Stockholm; closing is at five
    at_work(ben)
    set_presence(ana, PresenceStatus.OFFLINE, back_at=clock.now() + timedelta(hours=16, minutes=45))  # 9:15 tomorrow

    waiting = carla_writes_again()

    assert waiting.named_until == clock.now() + timedelta(hours=17)  # 9:30 tomorrow
    assert not Offer.objects.exists()


def test_an_owner_who_goes_away_meanwhile_is_not_waited_for(carla_writes_again, ana, ben, at_work):
    at_work(ben)
    ana.capacities.create(channel="email", limit=0)
    waiting = carla_writes_again()

    set_presence(ana, PresenceStatus.OFFLINE)
    bus.drain()

    waiting.refresh_from_db()
    assert waiting.named_until == clock.now()
    assert Offer.objects.open().get().agent == ben


def test_an_owner_who_declines_leaves_it_to_the_others(carla_writes_again, ana, ben, at_work):
    at_work(ben)
    carla_writes_again()

    decline(Offer.objects.open().get().pk, ana)
    bus.drain()

    assert Offer.objects.open().get().agent == ben


def test_an_owner_at_work_on_the_case_has_it_at_once_without_an_offer(writes, ana, at_work, tuesday):
    at_work(ana)
    case = writes("carla@post.example").message.case
    bus.drain()
    accept(Offer.objects.get().pk, ana)
    bus.drain()

    writes("carla@post.example", "One more thing", thread=ThreadHint(case=case.pk, proven=True, by="test"))
    bus.drain()

    assert Offer.objects.count() == 1
    assert not WaitingRecord.objects.filter(ended_at=None).exists()
    assert Segment.objects.filter(agent=ana, ended_at=None).count() == 2


def test_an_owner_who_left_the_queue_has_no_claim(carla_writes_again, orders, ana, ben, at_work):
    orders.members.remove(ana)
    at_work(ben)

    waiting = carla_writes_again()

    assert waiting.named_agent is None
    assert Offer.objects.open().get().agent == ben


def test_an_owner_who_is_writing_keeps_the_case_whatever_the_presence_says(ana, ben, at_work, carlas_case, tuesday):
    at_work(ben)
    assign(carlas_case.pk, ana)
    save_draft(carlas_case, ana, DraftKind.REPLY, html="<p>I am just</p>", version=0, recipients=Recipients())
    carlas_case.refresh_from_db()
    claim = owners_claim(carlas_case)
    assert claim is not None
    assert claim.agent == ana.pk
    assert claim.until is not None
    assert claim.until > clock.now()
    tuesday.advance(minutes(11))
    assert owners_claim(carlas_case).until is None
