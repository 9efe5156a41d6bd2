"""The doors to offers: each is its agent's own."""

from __future__ import annotations

from uuid import UUID

from agents.models import Agent
from interactions.errors import NotAllowed
from routing.models import Offer
from routing.models.offer import OfferScope


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
