"""What is before the agent now: who wants what, why this agent, and how long the offer stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from desktop.domain.naming import shown_names
from desktop.presenters.words import Look, channel_look
from routing.domain.match import Grounds
from routing.models import Offer


@dataclass(frozen=True)
class OfferCard:
    id: UUID
    channel: Look
    name: str
    subject: str
    queue: str
    number: int
    why: str
    since: datetime
    until: datetime
    waiting_since: datetime
    accept_url: str
    decline_url: str


@dataclass(frozen=True)
class OffersView:
    cards: Sequence[OfferCard]
    url: str
    streams: str


_WHY = {
    Grounds.NAMED.value: "you have the case",
    Grounds.ONLY.value: "you are the only one free",
    Grounds.FEWEST.value: "you have had the fewest today",
    Grounds.IDLE.value: "you have been free the longest",
}


def offers_view(agent: UUID, offers: Sequence[Offer]) -> OffersView:
    names = shown_names(offer.case.customer for offer in offers)
    return OffersView(
        [_card(offer, names[offer.case.customer_id]) for offer in offers], reverse("desktop:offers"), f"agent.{agent}"
    )


def _card(offer: Offer, name: str) -> OfferCard:
    return OfferCard(
        id=offer.pk,
        channel=channel_look(offer.channel),
        name=name,
        subject=offer.case.subject or "No subject",
        queue=offer.queue.name,
        number=offer.case.number,
        why=_WHY.get(str(offer.reason.get("grounds")), "it is your turn"),
        since=offer.offered_at,
        until=offer.expires_at,
        waiting_since=offer.interaction.started_at,
        accept_url=reverse("desktop:acceptance", args=[offer.pk]),
        decline_url=reverse("desktop:refusal", args=[offer.pk]),
    )
