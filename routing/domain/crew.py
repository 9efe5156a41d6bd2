"""The crew of a queue: its available members with the figures by which turns are taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Max

from agents.domain.capacity import capacity_limits
from agents.domain.presence import time_available
from agents.enums import Permission, PresenceStatus
from agents.models import Agent, Presence, Proficiency
from foundation import clock
from interactions.domain.handle import open_load
from interactions.models import Queue, Segment
from routing.domain.match import Candidate
from routing.enums import RECEIVED
from routing.models import Offer


def crew(queue: Queue, channel: str, *, only: UUID | None = None) -> list[Candidate]:
    """The members of the queue who are available now, with today's figures; with `only`, that agent alone.

    Today began at midnight by the clock of the queue's calendar.
    """
    since = available_since(queue, only=only)
    agents = list(since)
    if not agents:
        return []
    now = clock.now()
    midnight = _midnight(queue, now)
    limits = capacity_limits(agents, channel)
    loads = open_load(agents, channel)
    hours = time_available(agents, midnight, now)
    received = _received(agents, midnight)
    offered = _with_open_offer(agents, channel)
    finished = _last_finished(agents, midnight)
    skills = _skills(agents)
    return [
        Candidate(
            agent=agent,
            received=received.get(agent, (0, midnight))[0],
            available=hours.get(agent, timedelta(0)),
            idle_since=max(since[agent], received.get(agent, (0, midnight))[1], finished.get(agent, midnight)),
            load=loads[agent],
            limit=limits[agent],
            offered=agent in offered,
            skills=frozenset(skills[agent]),
        )
        for agent in agents
    ]


def available_since(queue: Queue, *, only: UUID | None = None) -> dict[UUID, datetime]:
    """The queue's members who are available and may work cases, with since when."""
    workers = Agent.objects.filter(is_active=True, roles__permissions__contains=[Permission.WORK_CASES])
    present = Presence.objects.filter(
        ended_at=None, status=PresenceStatus.AVAILABLE, agent__queues=queue, agent__in=workers
    )
    if only is not None:
        present = present.filter(agent=only)
    return dict(present.values_list("agent", "started_at"))


def _received(agents: list[UUID], midnight: datetime) -> dict[UUID, tuple[int, datetime]]:
    """How many offers of any channel each received today and did not refuse, and when the last one came."""
    rows = (
        Offer.objects.filter(agent__in=agents, outcome__in=RECEIVED, offered_at__gte=midnight)
        .order_by()
        .values_list("agent")
        .annotate(number=Count("id"), last=Max("offered_at"))
    )
    return {agent: (number, last) for agent, number, last in rows}


def _with_open_offer(agents: list[UUID], channel: str) -> set[UUID]:
    return set(
        Offer.objects.open().filter(agent__in=agents, channel=channel).order_by().values_list("agent", flat=True)
    )


def _last_finished(agents: list[UUID], midnight: datetime) -> dict[UUID, datetime]:
    """When each last finished an interaction that it began today."""
    rows = (
        Segment.objects.filter(agent__in=agents, accepted_at__gte=midnight, ended_at__isnull=False)
        .values_list("agent")
        .annotate(last=Max("ended_at"))
    )
    return dict(rows)


def _skills(agents: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    skills: dict[UUID, set[UUID]] = defaultdict(set)
    for agent, skill in Proficiency.objects.filter(agent__in=agents).values_list("agent", "skill"):
        skills[agent].add(skill)
    return skills


def _midnight(queue: Queue, now: datetime) -> datetime:
    zone = queue.calendar.zone
    return datetime.combine(now.astimezone(zone).date(), time.min, zone)
