"""The crew of a queue: its available members with the figures by which turns are taken."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from agents.domain.capacity import capacity_limits
from agents.domain.presence import time_available
from agents.enums import Permission, PresenceStatus
from agents.models import Presence, Proficiency
from foundation import clock
from interactions.domain.handle import open_load
from interactions.models import Queue, Segment
from routing.domain.match import Candidate
from routing.enums import RECEIVED
from routing.models import Offer

LONG = 50


def crew(queue: Queue, channel: str, *, only: UUID | None = None) -> list[Candidate]:
    """The members of the queue who are available now; with `only`, that agent alone.

    The free ones come with today's figures; today began at midnight by the clock of the queue's calendar.
    """
    since = available_since(queue, only=only)
    if not since:
        return []
    limits = capacity_limits(since, channel)
    loads = open_load(list(since), channel)
    offered = set(Offer.objects.open().filter(channel=channel, agent__queues=queue).values_list("agent", flat=True))
    skills = _skills(queue, only)
    present = [
        Candidate(
            agent=agent,
            load=loads[agent],
            limit=limits[agent],
            offered=agent in offered,
            skills=frozenset(skills[agent]),
        )
        for agent in since
    ]
    return [each for each in present if not each.is_free] + _with_figures(
        [each for each in present if each.is_free], since, queue
    )


def is_unchanged(candidate: Candidate, queue: Queue, channel: str) -> bool:
    """Whether the agent is still available with the same in hand, and has received no more today."""
    me = {"agent": OuterRef("agent")}
    load = Segment.objects.filter(**me, channel=channel, ended_at=None).order_by().values("agent")
    received = Offer.objects.filter(**me, outcome__in=RECEIVED, offered_at__gte=_midnight(queue, clock.now()))
    found = (
        Presence.objects.filter(agent=candidate.agent, ended_at=None, status=PresenceStatus.AVAILABLE)
        .values_list(
            Coalesce(Subquery(load.annotate(n=Count("pk")).values("n")), 0),
            Coalesce(Subquery(received.order_by().values("agent").annotate(n=Count("pk")).values("n")), 0),
        )
        .first()
    )
    return found == (candidate.load, candidate.received)


def available_since(queue: Queue, *, only: UUID | None = None) -> dict[UUID, datetime]:
    """The queue's members who are available and may work cases, with since when."""
    present = Presence.objects.filter(
        ended_at=None,
        status=PresenceStatus.AVAILABLE,
        agent__queues=queue,
        agent__is_active=True,
        agent__roles__permissions__contains=[Permission.WORK_CASES],
    )
    if only is not None:
        present = present.filter(agent=only)
    return dict(present.order_by().values_list("agent", "started_at"))


def _with_figures(free: list[Candidate], since: dict[UUID, datetime], queue: Queue) -> list[Candidate]:
    agents = [each.agent for each in free]
    if not agents:
        return []
    now = clock.now()
    midnight = _midnight(queue, now)
    hours = time_available(agents, midnight, now)
    # A long list of keys costs more to send than joining the queue's members does.
    whose = Q(agent__in=agents) if len(agents) <= LONG else Q(agent__queues=queue)
    received = _received(whose, midnight)
    finished = _last_finished(whose, midnight)
    return [
        replace(
            each,
            received=received.get(each.agent, (0, midnight))[0],
            available=hours.get(each.agent, timedelta(0)),
            idle_since=max(
                since[each.agent],
                received.get(each.agent, (0, midnight))[1],
                finished.get(each.agent, midnight),
            ),
        )
        for each in free
    ]


def _received(whose: Q, midnight: datetime) -> dict[UUID, tuple[int, datetime]]:
    """How many offers of any channel each received today and did not refuse, and when the last one came."""
    rows = (
        Offer.objects.filter(whose, outcome__in=RECEIVED, offered_at__gte=midnight)
        .order_by()
        .values_list("agent")
        .annotate(number=Count("id"), last=Max("offered_at"))
    )
    return {agent: (number, last) for agent, number, last in rows}


def _last_finished(whose: Q, midnight: datetime) -> dict[UUID, datetime]:
    """When each last finished an interaction that it began today."""
    rows = (
        Segment.objects.filter(whose, accepted_at__gte=midnight, ended_at__isnull=False)
        .values_list("agent")
        .annotate(last=Max("ended_at"))
    )
    return dict(rows)


def _skills(queue: Queue, only: UUID | None) -> dict[UUID, set[UUID]]:
    skills: dict[UUID, set[UUID]] = defaultdict(set)
    known = Proficiency.objects.filter(agent__queues=queue)
    if only is not None:
        known = known.filter(agent=only)
    for agent, skill in known.values_list("agent", "skill"):
        skills[agent].add(skill)
    return skills


def _midnight(queue: Queue, now: datetime) -> datetime:
    zone = queue.calendar.zone
    return datetime.combine(now.astimezone(zone).date(), time.min, zone)
