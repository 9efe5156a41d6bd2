"""Silence: an available agent whose browser is heard of no more is set away, so that nothing is offered to nobody.

Each open socket and each poll of any tab is a sign of life, kept in the database, for a cache may be emptied at any
moment. Before agents are called silent we make sure that it is not we who are deaf: whoever watches must have watched
without a pause, and where several are available, somebody must have been heard of. Else the time begins anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from agents.domain.presence import current_presence, set_presence
from agents.enums import PresenceReason, PresenceStatus
from agents.models import Agent, Presence, SignOfLife
from foundation import clock
from foundation.heartbeat import beat, last_beat

# Sockets tell every 20 seconds; a page that polls does every ten, and once a minute while browsers slow its hidden tab.
SILENCE = timedelta(seconds=150)
LISTENING = timedelta(seconds=75)
SPARING = timedelta(seconds=10)  # between two writings for the same agent, however many tabs are open
WATCH, WATCH_BEGAN = "silence watch", "silence watch began"


def hear(agent: UUID) -> None:
    """A browser of the agent is there now."""
    now = clock.now()
    if not SignOfLife.objects.filter(agent=agent, seen_at__lte=now - SPARING).update(seen_at=now):
        SignOfLife.objects.bulk_create([SignOfLife(agent_id=agent, seen_at=now)], ignore_conflicts=True)


def set_silent_away() -> int:
    """Sets away, as having lost the connection, whom nothing was heard of for SILENCE; how many these were.

    Choosing a presence counts as a sign of life. Simulated colleagues have no browser and are left alone.
    """
    limit = clock.now() - SILENCE
    present = Presence.objects.filter(ended_at=None, status=PresenceStatus.AVAILABLE, agent__simulated=False)
    if _listening_since(available=present.count()) > limit:
        return 0
    silent = present.filter(started_at__lte=limit).exclude(agent__sign_of_life__seen_at__gt=limit)
    return sum(_set_away(presence.agent, limit) for presence in silent.select_related("agent"))


def _listening_since(*, available: int) -> datetime:
    """Since when a silence would have been noticed without a gap."""
    now = clock.now()
    last, began = last_beat(WATCH), last_beat(WATCH_BEGAN)
    beat(WATCH)
    slept = last is None or now - last > LISTENING
    deaf = available > 1 and not SignOfLife.objects.filter(seen_at__gt=now - LISTENING).exists()
    if began is None or slept or deaf:
        beat(WATCH_BEGAN)
        return now
    return began


def _set_away(agent: Agent, limit: datetime) -> bool:
    """Looks again under the locks: the agent may have come back or chosen something else meanwhile."""
    with transaction.atomic():
        Agent.objects.select_for_update(no_key=True).only("id").get(pk=agent.pk)
        sign = SignOfLife.objects.select_for_update().filter(agent=agent).first()
        presence = current_presence(agent)
        if presence is None or presence.status != PresenceStatus.AVAILABLE:
            return False
        if presence.started_at > limit or (sign is not None and sign.seen_at > limit):
            return False
        set_presence(agent, PresenceStatus.AWAY, PresenceReason.CONNECTION_LOST)
        return True
