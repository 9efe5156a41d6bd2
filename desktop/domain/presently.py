"""How an agent is at this moment, as every page shows it, asked for at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from agents.domain.presence import open_presences
from agents.enums import PresenceStatus
from agents.models import Agent, Capacity, Presence
from interactions.enums import ChannelName
from interactions.models import Segment
from routing.domain.access import open_offers


@dataclass(frozen=True)
class Presently:
    """`offered`: something is before the agent; `held` of `limit` mails are before it or in hand."""

    presence: Presence | None
    offered: bool = False
    held: int = 0
    limit: int = Capacity.DEFAULTS[ChannelName.EMAIL]

    @property
    def available(self) -> bool:
        return self.presence is not None and self.presence.status == PresenceStatus.AVAILABLE


def presently(agent: Agent) -> Presently:
    """One query. Nothing is before somebody who was never there."""
    mails = Segment.objects.filter(agent=OuterRef("agent"), channel=ChannelName.EMAIL, ended_at=None)
    own_limit = Capacity.objects.filter(agent=OuterRef("agent"), channel=ChannelName.EMAIL)
    row = (
        open_presences(agent)
        .annotate(
            offered=Exists(open_offers(agent)),
            held=Coalesce(Subquery(mails.order_by().values("agent").annotate(many=Count("pk")).values("many")), 0),
            own_limit=Subquery(own_limit.values("limit")[:1]),
        )
        .first()
    )
    if row is None:
        return Presently(None)
    limit = Presently.limit if row.own_limit is None else row.own_limit
    return Presently(row, row.offered, row.held, limit)
