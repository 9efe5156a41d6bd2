"""The owner's claim: a customer who answers comes back to the agent who knows the case, unless that takes too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from agents.domain.presence import current_presence
from agents.enums import PresenceStatus
from agents.models import Agent
from foundation import clock
from foundation.calendar.business_time import NeverOpen
from interactions.domain.wait import release_name
from interactions.models import Case, Draft, Queue, WaitingRecord

FRESH = timedelta(minutes=10)


@dataclass(frozen=True)
class Claim:
    """Who is asked first, until when nobody else is asked (None: the others at once), and why in words."""

    agent: UUID
    until: datetime | None
    reason: str


def owners_claim(case: Case) -> Claim | None:
    """What a case's owner has of a new message: it waits for the owner alone within the queue's limit when the owner
    is available or due back by then; else the owner is only asked first. None without an owner who still works.
    """
    owner = case.owner
    if owner is None or not owner.is_active or not case.queue.members.filter(pk=owner.pk).exists():
        return None
    limit = _limit(case.queue, clock.now())
    state, in_time = ("is writing in it", True) if _is_writing(owner, case.pk) else _is_back_by(owner, limit)
    return Claim(owner.pk, limit if in_time else None, f"{owner.name} has the case and {state}")


def drop_claims(agent: Agent) -> int:
    """Of an agent who went away: what waits for that agent alone and longer than it stays away; how many were freed."""
    freed = 0
    with transaction.atomic():
        held = WaitingRecord.objects.select_for_update(skip_locked=True).filter(
            named_agent=agent, named_until__gt=clock.now(), ended_at=None
        )
        for record in held.order_by("pk"):
            until = record.named_until
            if until is not None and not _is_back_by(agent, until)[1] and not _is_writing(agent, record.case_id):
                release_name(record)
                freed += 1
    return freed


def _is_writing(agent: Agent, case: UUID) -> bool:
    """Whoever has a fresh draft is at work on the case, whatever their presence says."""
    return Draft.objects.filter(case=case, agent=agent, saved_at__gt=clock.now() - FRESH).exclude(html="").exists()


def _is_back_by(agent: Agent, limit: datetime) -> tuple[str, bool]:
    presence = current_presence(agent)
    if presence is not None and presence.status == PresenceStatus.AVAILABLE:
        return "is available", True
    if presence is None or presence.back_at is None:
        return "is away", False
    if presence.back_at <= limit:
        return "is due back in time", True
    return "is back too late", False


def _limit(queue: Queue, now: datetime) -> datetime:
    within = timedelta(minutes=queue.owner_return)
    try:
        return queue.calendar.hours().add(now, within)
    except NeverOpen:
        return now + within
