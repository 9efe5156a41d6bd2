"""Presence: what an agent is now, and the intervals it was before."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest, Least

from agents.enums import PresenceReason, PresenceStatus
from agents.events import PresenceChanged
from agents.models import Agent, Presence
from foundation import bus, clock


def open_presences(agent: Agent) -> QuerySet[Presence]:
    """The open interval of the agent, at most one, to be asked for together with more."""
    return Presence.objects.filter(agent=agent, ended_at=None)


def current_presence(agent: Agent) -> Presence | None:
    """The open interval, or None for an agent who has never signed in (which counts as offline)."""
    return open_presences(agent).first()


def is_available(agent_id: UUID) -> bool:
    return Presence.objects.filter(agent_id=agent_id, ended_at=None, status=PresenceStatus.AVAILABLE).exists()


def set_presence(
    agent: Agent,
    status: PresenceStatus,
    reason: PresenceReason = PresenceReason.NONE,
    *,
    back_at: datetime | None = None,
) -> Presence:
    """Ends the open interval and starts a new one; publishes PresenceChanged. The same again: nothing happens.

    `back_at` is when an agent who goes away means to be available again.

    Two calls at once leave one open interval: the agent's row is locked first.
    """
    with transaction.atomic():
        Agent.objects.select_for_update(no_key=True).only("id").get(pk=agent.pk)
        now = clock.now()
        open_one = current_presence(agent)
        if open_one is not None:
            if (open_one.status, open_one.reason, open_one.back_at) == (status, reason, back_at):
                return open_one
            open_one.ended_at = max(now, open_one.started_at)
            open_one.save(update_fields=["ended_at"])
        fresh = Presence.objects.create(agent=agent, status=status, reason=reason, started_at=now, back_at=back_at)
        bus.publish(PresenceChanged(agent=agent.pk, status=status.value, reason=reason.value, occurred_at=now))
        return fresh


def time_available(agents: list[UUID], start: datetime, end: datetime) -> dict[UUID, timedelta]:
    """How long each of `agents` was available between `start` and `end`; those never available are left out."""
    overlap = Least(Coalesce(F("ended_at"), end), end) - Greatest(F("started_at"), start)
    rows = (
        Presence.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=start),
            agent__in=agents,
            status=PresenceStatus.AVAILABLE,
            started_at__lt=end,
        )
        .values_list("agent")
        .annotate(total=Sum(overlap))
    )
    return {agent: total for agent, total in rows if total}
