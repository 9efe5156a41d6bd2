"""The doors to offers, which are each its agent's own, and to service levels, which administrators set."""

from __future__ import annotations

from uuid import UUID

from agents.enums import Permission
from agents.models import Agent
from interactions.errors import NotAllowed
from routing.models import Offer, SlaPolicy
from routing.models.offer import OfferScope
from routing.models.sla_policy import SlaPolicyScope


def open_offers(agent: Agent) -> OfferScope:
    """What is before the agent now, the oldest first, ready to be shown."""
    return (
        Offer.objects.open()
        .of_agent(agent.pk)
        .select_related("case__customer__merged_into", "queue", "interaction")
        .order_by("offered_at")
    )


def access_offer(agent: Agent, offer: UUID) -> Offer:
    """The offer, when it was made to `agent`. Raises NotAllowed, also when there is none."""
    found = Offer.objects.of_agent(agent.pk).select_related("case__customer", "queue").filter(pk=offer).first()
    if found is None:
        raise NotAllowed
    return found


def readable_service_levels(agent: Agent) -> SlaPolicyScope:
    """All, in the order in which they are tried. Raises NotAllowed to who does not administer."""
    if not agent.may(Permission.ADMINISTER):
        raise NotAllowed
    return SlaPolicy.objects.select_related("escalate_to").prefetch_related("queues").order_by("position", "created_at")


def access_service_level(agent: Agent, policy: UUID) -> SlaPolicy:
    found = readable_service_levels(agent).filter(pk=policy).first()
    if found is None:
        raise NotAllowed
    return found
