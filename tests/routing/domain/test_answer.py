"""Offers are declined, run out or are taken back, and what waits goes on at its place."""

from datetime import timedelta

import pytest

from agents.domain.presence import current_presence
from agents.enums import PresenceReason, PresenceStatus
from foundation import bus, clock
from interactions.domain.assign import release
from interactions.domain.handle import open_load
from interactions.domain.move import set_queue
from interactions.domain.status import set_status
from interactions.enums import CaseStatus, ChangeKind, SegmentOutcome
from interactions.errors import NotAllowed
from interactions.models import Assignment, Segment, WaitingRecord
from routing.domain.access import open_offers
from routing.domain.answer import accept, decline
from routing.domain.sweep import sweep
from routing.enums import OfferOutcome
from routing.errors import OfferOver
from routing.models import Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(writes, ana, at_work, tuesday):
    """Carla's mail is before Ana."""
    at_work(ana)
    writes("carla@post.example")
    bus.drain()
    return Offer.objects.get()


def run_out(tuesday) -> None:
    tuesday.advance(timedelta(seconds=31))
    sweep()
    bus.drain()


def test_what_is_declined_goes_to_another_at_its_old_place(offered, writes, ana, ben, at_work):
    at_work(ben)
    bus.drain()

    decline(offered.pk, ana, "  I know   this customer ")
    bus.drain()

    offered.refresh_from_db()
    assert (offered.outcome, offered.declined_because) == (OfferOutcome.DECLINED, "I know this customer")
    again = Offer.objects.open().get(waiting=offered.waiting)
    assert again.agent == ben
    assert again.waiting.since == offered.waiting.since
    assert Segment.objects.get(agent=ana).outcome == SegmentOutcome.DECLINED


def test_who_declined_is_not_asked_again_while_others_are_there_only_busy(offered, ana, ben, at_work, orders):
    ben.capacities.create(channel="email", limit=0)
    at_work(ben)
    decline(offered.pk, ana)
    bus.drain()
    assert not Offer.objects.open().exists()

    ben.capacities.update(limit=3)
    sweep()

    assert Offer.objects.open().get().agent == ben


def test_who_declined_and_is_alone_is_asked_again_after_a_pause(offered, ana, tuesday):
    decline(offered.pk, ana)
    bus.drain()
    assert not Offer.objects.open().exists()

    tuesday.advance(timedelta(minutes=2))
    sweep()

    assert Offer.objects.open().get().agent == ana


def test_an_offer_left_unanswered_goes_to_another(offered, ana, ben, at_work, tuesday):
    at_work(ben)
    tuesday.advance(timedelta(seconds=29))
    sweep()
    assert Offer.objects.open().get() == offered

    run_out(tuesday)

    offered.refresh_from_db()
    assert offered.outcome == OfferOutcome.EXPIRED
    assert Offer.objects.open().get().agent == ben
    assert current_presence(ana).status == PresenceStatus.AVAILABLE


def test_who_leaves_two_offers_unanswered_counts_as_away_until_coming_back(offered, writes, ana, at_work, tuesday):
    writes("dev@mail.example")
    bus.drain()
    run_out(tuesday)
    assert Offer.objects.open().get().agent == ana  # Dev's

    run_out(tuesday)

    presence = current_presence(ana)
    assert (presence.status, presence.reason) == (PresenceStatus.AWAY, PresenceReason.NOT_RESPONDING)
    assert not Offer.objects.open().exists()

    tuesday.advance(timedelta(minutes=10))
    at_work(ana)
    bus.drain()
    run_out(tuesday)

    assert current_presence(ana).status == PresenceStatus.AVAILABLE  # the two from before are forgotten


def test_a_late_yes_counts_as_long_as_nobody_else_was_asked(offered, ana, tuesday):
    tuesday.advance(timedelta(minutes=5))

    accept(offered.pk, ana)

    assert WaitingRecord.objects.get().case.owner == ana


def test_an_answer_to_an_offer_that_is_over_changes_nothing(offered, ana, ben, at_work):
    decline(offered.pk, ana)

    with pytest.raises(OfferOver):
        accept(offered.pk, ana)

    decline(offered.pk, ana)  # twice is once
    assert offered.case.owner is None
    assert Offer.objects.filter(agent=ana).count() == 1


def test_nobody_answers_anothers_offer(offered, ana, ben):
    for answer in (accept, decline):
        with pytest.raises(NotAllowed):
            answer(offered.pk, ben)

    assert list(open_offers(ben)) == []
    assert list(open_offers(ana)) == [offered]
    offered.refresh_from_db()
    assert offered.is_open


def test_an_offer_is_taken_back_when_the_case_moves_to_a_queue_that_is_not_the_agents(
    offered, ana, cleo, at_work, returns
):
    at_work(cleo)
    bus.drain()

    set_queue(offered.case_id, returns)
    bus.drain()

    offered.refresh_from_db()
    assert offered.outcome == OfferOutcome.WITHDRAWN
    assert Offer.objects.open().get().agent == cleo


def test_a_case_that_moves_away_from_its_owners_queues_loses_the_owner_and_is_offered_there(
    offered, ana, cleo, sol, at_work, returns
):
    accept(offered.pk, ana)
    at_work(cleo)
    bus.drain()

    case = set_queue(offered.case_id, returns, agent=sol)
    bus.drain()

    assert case.owner is None
    assert Offer.objects.open().get().agent == cleo
    assert not Assignment.objects.filter(case=case, ended_at=None).exists()
    assert open_load([ana.pk], "email") == {ana.pk: 0}
    change = case.changes.filter(kind=ChangeKind.OWNER).latest("created_at", "id")
    assert (change.before, change.after, change.agent) == (ana.name, "", sol)
    assert change.reason == f"{ana.name} does not work in {returns.name}"


def test_a_case_that_moves_within_its_owners_queues_keeps_the_owner(offered, ana, cleo, sol, at_work, returns):
    accept(offered.pk, ana)
    returns.members.add(ana)
    at_work(cleo)

    case = set_queue(offered.case_id, returns, agent=sol)
    bus.drain()

    assert case.owner == ana
    assert not Offer.objects.open().exists()
    assert not case.changes.filter(kind=ChangeKind.OWNER, after="").exists()


def test_what_waits_for_its_owner_alone_waits_for_anybody_where_it_moves_to(offered, ana, cleo, at_work, returns):
    WaitingRecord.objects.update(named_agent=ana, named_until=clock.now() + timedelta(hours=1))
    at_work(cleo)

    set_queue(offered.case_id, returns)
    bus.drain()

    assert Offer.objects.open().get().agent == cleo


def test_a_case_that_is_closed_is_offered_to_nobody(offered, ana):
    set_status(offered.case_id, CaseStatus.CLOSED)
    bus.drain()

    assert Offer.objects.get().outcome == OfferOutcome.WITHDRAWN
    assert not WaitingRecord.objects.filter(ended_at=None).exists()


def test_a_case_that_its_owner_lets_go_of_waits_again_at_its_old_place(offered, ana, ben, at_work, tuesday):
    accept(offered.pk, ana)
    bus.drain()
    at_work(ben)
    tuesday.advance(timedelta(minutes=20))

    release(offered.case_id, by=ana)
    bus.drain()

    again = WaitingRecord.objects.get(ended_at=None)
    assert again.since == offered.waiting.since
    assert Offer.objects.open().get().waiting == again
    assert not Segment.objects.filter(ended_at=None, accepted_at__isnull=False).exists()
