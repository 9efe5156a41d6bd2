"""Offering: the next waiting interaction is put before the agent whose turn it is.

Locks are taken in this order and never the other way round: waiting record and case (skipped when somebody has them),
then one agent at a time. The agent's figures are read again under the lock, so that decisions made at once are as if
made one after the other: no agent gets two offers, or more than fits, and turns are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from agents.models import Agent
from foundation import bus, clock
from interactions.domain.handle import begin_segment
from interactions.models import Queue, WaitingRecord
from routing.domain.crew import crew, is_unchanged
from routing.domain.match import Candidate, Choice, Request, choose
from routing.domain.next_waiting import head_of, lock_next
from routing.enums import REFUSED
from routing.events import Offered
from routing.models import Offer

TRIES = 50
"""Waiting records looked at before the rest is left to the next occasion."""
KEPT = 10
"""Candidates whose figures are kept with the decision."""


class _Changed(Exception):
    """The agent's figures are not those that the decision was made with; `now` are today's, None: it is gone."""

    def __init__(self, now: Candidate | None) -> None:
        super().__init__(now)
        self.now = now


class _NobodyFor(Exception):
    """The waiting record fits nobody who is free; the next one may."""

    def __init__(self, waiting: UUID) -> None:
        super().__init__(waiting)
        self.waiting = waiting


def offer_next(queue: Queue, channel: str) -> Offer | None:
    """Puts what has waited longest at the highest priority before the agent whose turn it is; publishes Offered.

    None when nothing waits that anybody free may have. Each decision is a transaction, or a savepoint of the caller's.
    """
    passed: list[UUID] = []
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _decide(queue, channel, passed)
        except _NobodyFor as nobody:
            passed.append(nobody.waiting)
    return None


def offer_all(queues: Sequence[Queue], channels: Sequence[str]) -> int:
    """Offers until nobody free may have what is left; of several queues, whose head is the most urgent goes first."""
    made = 0
    places = [(queue, channel) for queue in queues for channel in channels]
    while places:
        heads = [(head, place) for place in places if (head := head_of(*place)) is not None]
        heads.sort(key=lambda each: each[0])
        places = []
        for _, place in heads:
            if offer_next(*place) is not None:
                made += 1
                places.append(place)
    return made


def _decide(queue: Queue, channel: str, passed: Sequence[UUID]) -> Offer | None:
    now = clock.now()
    present = crew(queue, channel)
    free = [each for each in present if each.is_free]
    if not free:
        return None
    record = lock_next(queue, channel, free, passed, now)
    if record is None:
        return None
    offers = list(Offer.objects.filter(case=record.case_id).order_by("offered_at"))
    if any(offer.is_open for offer in offers):  # made between the look and the lock
        raise _NobodyFor(record.pk)
    refused = {offer.agent_id: offer.answered_at for offer in offers if _was_refused(offer, record)}
    request = Request(
        needs=frozenset(UUID(need) for need in record.needs),
        named=record.named_agent_id,
        named_until=record.named_until,
    )
    choice = _take_turn(
        queue, channel, request, [_with_refusal(each, refused) for each in present] if refused else present
    )
    if choice is None:
        raise _NobodyFor(record.pk)
    return _make(queue, record, choice, now)


def _take_turn(queue: Queue, channel: str, request: Request, present: list[Candidate]) -> Choice | None:
    """Chooses and locks the agent. Whose figures prove to have changed meanwhile is let go and weighed anew."""
    while (choice := choose(request, present, clock.now())) is not None:
        try:
            with transaction.atomic():  # a savepoint: rolled back, it lets go of the agent's lock
                _hold(queue, channel, choice.agent)
            return choice
        except _Changed as changed:
            present = [each for each in present if each.agent != choice.agent.agent]
            if changed.now is not None:
                present.append(changed.now)
    return None


def _hold(queue: Queue, channel: str, chosen: Candidate) -> None:
    Agent.objects.select_for_update(no_key=True).only("id").get(pk=chosen.agent)
    if not is_unchanged(chosen, queue, channel):
        found = crew(queue, channel, only=chosen.agent)
        raise _Changed(replace(found[0], refused_at=chosen.refused_at) if found else None)


def _was_refused(offer: Offer, record: WaitingRecord) -> bool:
    return offer.waiting_id == record.pk and offer.outcome in REFUSED


def _with_refusal(candidate: Candidate, refused: dict[UUID, datetime | None]) -> Candidate:
    return replace(candidate, refused_at=refused.get(candidate.agent))


def _make(queue: Queue, record: WaitingRecord, choice: Choice, now: datetime) -> Offer:
    agent = choice.agent.agent
    offer = Offer.objects.create(
        waiting=record,
        interaction=record.interaction,
        case_id=record.case_id,
        queue=queue,
        channel=record.channel,
        agent_id=agent,
        offered_at=now,
        expires_at=now + timedelta(seconds=queue.offer_seconds),
        reason=_figures(choice, record, now),
    )
    begin_segment(record.interaction, agent)
    bus.publish(
        Offered(
            offer=offer.pk,
            agent=agent,
            case=record.case_id,
            queue=queue.pk,
            interaction=record.interaction_id,
            channel=record.channel,
            expires_at=offer.expires_at,
        )
    )
    return offer


def _figures(choice: Choice, record: WaitingRecord, now: datetime) -> dict[str, Any]:
    return {
        "grounds": choice.grounds.value,
        "why_named": record.reason,
        "available": choice.available,
        "free": len(choice.free),
        "candidates": [
            {
                "agent": str(each.agent),
                "received": each.received,
                "hours": round(each.available.total_seconds() / 3600, 2),
                "idle_seconds": int((now - each.idle_since).total_seconds()),
                "load": each.load,
                "limit": each.limit,
            }
            for each in choice.free[:KEPT]
        ],
    }
