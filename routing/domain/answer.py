"""How offers end: accepted, declined, not answered in time, or withdrawn. Each ends once, whoever is first."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agents.domain.presence import current_presence, set_presence
from agents.enums import PresenceReason, PresenceStatus
from agents.models import Agent
from foundation import bus, clock
from interactions.domain.assign import assign
from interactions.domain.handle import close_segment
from interactions.domain.status import lock_case
from interactions.domain.wait import release_name
from interactions.enums import SegmentOutcome
from interactions.models import Case
from routing.domain.access import access_offer
from routing.enums import OfferOutcome
from routing.errors import OfferOver
from routing.events import OfferEnded
from routing.models import Offer

TOLERATED = 2
"""So many offers in a row left unanswered, and the agent counts as away."""
SEGMENT_OUTCOMES = {
    OfferOutcome.DECLINED: SegmentOutcome.DECLINED,
    OfferOutcome.EXPIRED: SegmentOutcome.EXPIRED,
    OfferOutcome.WITHDRAWN: SegmentOutcome.WITHDRAWN,
}


def accept(offer: UUID, agent: Agent) -> Case:
    """The agent takes it: the case is theirs and their handling begins. Accepting twice is accepting once.

    An offer whose time is over may still be accepted as long as nobody else was asked. Raises NotAllowed when it was
    not made to `agent`, OfferOver when it is not open any more.
    """
    made = access_offer(agent, offer)
    with transaction.atomic():
        locked = _lock(made)
        if locked.outcome == OfferOutcome.ACCEPTED:
            return locked.case
        if not locked.is_open:
            raise OfferOver
        _end(locked, OfferOutcome.ACCEPTED)
        return assign(made.case_id, agent, reason="accepted the offer")


def decline(offer: UUID, agent: Agent, reason: str = "") -> None:
    """The agent does not take it; it goes on to others at its place. Declining twice is declining once.

    Raises NotAllowed when it was not made to `agent`, OfferOver when it ended otherwise.
    """
    made = access_offer(agent, offer)
    with transaction.atomic():
        locked = _lock(made)
        if locked.outcome == OfferOutcome.DECLINED:
            return
        if not locked.is_open:
            raise OfferOver
        locked.declined_because = " ".join(reason.split())[:200]
        _refuse(locked, OfferOutcome.DECLINED)


def expire(offer: Offer) -> bool:
    """Ends an offer whose time is over; after several in a row its agent counts as away. False: not so, or ended."""
    with transaction.atomic():
        locked = _lock(offer)
        if not locked.is_open or locked.expires_at > clock.now():
            return False
        _refuse(locked, OfferOutcome.EXPIRED)
        if _does_not_respond(locked.agent):
            set_presence(locked.agent, PresenceStatus.AWAY, PresenceReason.NOT_RESPONDING)
        return True


def withdraw(offer: Offer) -> bool:
    """Takes the offer back; False when it had ended."""
    with transaction.atomic():
        locked = _lock(offer)
        if not locked.is_open:
            return False
        _end(locked, OfferOutcome.WITHDRAWN)
        return True


def _lock(offer: Offer) -> Offer:
    """The offer as it is now. The case is locked first, as by everything that changes what waits of it."""
    lock_case(offer.case_id)
    return Offer.objects.select_for_update(of=("self",)).select_related("waiting", "agent", "case").get(pk=offer.pk)


def _refuse(offer: Offer, outcome: OfferOutcome) -> None:
    _end(offer, outcome)
    if offer.waiting.named_agent_id == offer.agent_id and offer.waiting.named_until is not None:
        release_name(offer.waiting)


def _end(offer: Offer, outcome: OfferOutcome) -> None:
    offer.outcome, offer.answered_at = outcome, clock.now()
    offer.save(update_fields=["outcome", "answered_at", "declined_because"])
    if outcome in SEGMENT_OUTCOMES:
        close_segment(offer.interaction_id, offer.agent_id, SEGMENT_OUTCOMES[outcome])
    bus.publish(
        OfferEnded(
            offer=offer.pk,
            agent=offer.agent_id,
            case=offer.case_id,
            queue=offer.queue_id,
            channel=offer.channel,
            outcome=outcome.value,
        )
    )


def _does_not_respond(agent: Agent) -> bool:
    """Whether the last offers since the agent became available all ran out."""
    presence = current_presence(agent)
    if presence is None or presence.status != PresenceStatus.AVAILABLE:
        return False
    last = (
        Offer.objects.filter(agent=agent, offered_at__gte=presence.started_at)
        .exclude(outcome__in=(OfferOutcome.OPEN, OfferOutcome.WITHDRAWN))
        .order_by("-offered_at")
        .values_list("outcome", flat=True)[:TOLERATED]
    )
    return list(last) == [OfferOutcome.EXPIRED] * TOLERATED
