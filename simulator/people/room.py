"""Leaving room: while a person is at the desk with a hand free, simulated colleagues turn to their paperwork.

So whoever tries the product is offered what was just written, by the same rules as ever. Nothing is kept for a person:
what waits in vain, and what waits for a colleague by name, brings the colleagues back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from agents.domain.capacity import capacity_limits
from agents.enums import PresenceStatus
from agents.models import Presence
from foundation import clock
from interactions.domain.handle import open_load
from interactions.enums import ChannelName
from interactions.models import Queue, WaitingRecord
from routing.models import Offer

PATIENCE = timedelta(seconds=20)
"""What has waited longer than this with nobody looking at it is looked after by everybody."""
LONGEST = timedelta(minutes=15)
"""When somebody at paperwork means to be back; soon enough that what waits for them by name goes on waiting."""


def leaving_room(colleagues: Iterable[UUID]) -> set[UUID]:
    """Which of these leave what comes next to the people who are there now."""
    everybody = set(colleagues)
    open_to_people = _queues_with_a_free_person(everybody)
    if not open_to_people:
        return set()
    neglected = _neglected_queues()
    wanted = _wanted_by_name() | set(Offer.objects.open().values_list("agent", flat=True))
    works_in: dict[UUID, set[UUID]] = defaultdict(set)
    for agent, queue in Queue.members.through.objects.filter(agent__in=everybody).values_list("agent", "queue"):
        works_in[agent].add(queue)
    return {
        agent for agent in everybody - wanted if works_in[agent] & open_to_people and not works_in[agent] & neglected
    }


def _queues_with_a_free_person(colleagues: set[UUID]) -> set[UUID]:
    """The queues in which somebody whom the program does not play is available and has room for a mail."""
    present = Presence.objects.filter(ended_at=None, status=PresenceStatus.AVAILABLE)
    people = [agent for agent in present.values_list("agent", flat=True) if agent not in colleagues]
    if not people:
        return set()
    loads = open_load(people, ChannelName.EMAIL)
    limits = capacity_limits(people, ChannelName.EMAIL)
    free = [agent for agent in people if loads[agent] < limits[agent]]
    return set(Queue.objects.filter(members__in=free).values_list("pk", flat=True))


def _neglected_queues() -> set[UUID]:
    now = clock.now()
    anybodys = Q(named_agent=None) | Q(named_until=None) | Q(named_until__lte=now)
    offered = Offer.objects.open().filter(case=OuterRef("case"))
    waiting = WaitingRecord.objects.filter(anybodys, ~Exists(offered), ended_at=None, since__lt=now - PATIENCE)
    return set(waiting.values_list("queue", flat=True))


def _wanted_by_name() -> set[UUID]:
    named = WaitingRecord.objects.filter(ended_at=None, named_until__gt=clock.now(), named_agent__isnull=False)
    return {agent for agent in named.values_list("named_agent", flat=True) if agent is not None}
