"""The sweeper: what no event tells (time passes) and what a lost doorbell left lying is found in the rows."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from agents.enums import PresenceStatus
from agents.models import Presence
from foundation import clock
from interactions.models import Queue, WaitingRecord
from routing.domain.answer import expire, withdraw
from routing.domain.offer import offer_all
from routing.models import Offer


def sweep() -> int:
    """Ends offers whose time is over or whose agent is gone, and offers what waits; how many offers it made."""
    for offer in Offer.objects.open().filter(expires_at__lte=clock.now()).order_by("expires_at"):
        expire(offer)
    present = Presence.objects.filter(ended_at=None, status=PresenceStatus.AVAILABLE).values("agent")
    for offer in Offer.objects.open().exclude(agent__in=present):
        withdraw(offer)
    channels: dict[UUID, list[str]] = defaultdict(list)
    for place, channel in WaitingRecord.objects.filter(ended_at=None).values_list("queue", "channel").distinct():
        channels[place].append(channel)
    made = 0
    for queue in Queue.objects.filter(pk__in=channels).select_related("calendar"):
        made += offer_all([queue], channels[queue.pk])
    return made
