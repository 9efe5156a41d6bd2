"""Moving: a case goes to another queue, and only an owner who may have it there stays its owner."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agents.models import Agent
from interactions.domain.access import visible_queues
from interactions.domain.assign import release
from interactions.domain.status import lock_case, publish_change
from interactions.domain.trail import note_change
from interactions.domain.wait import move_waits
from interactions.enums import ChangeKind
from interactions.models import Case, Queue


def set_queue(case: UUID, queue: Queue, *, agent: Agent | None = None, reason: str = "") -> Case:
    """Moves the case, and what waits of it, to another queue.

    An owner who may not see that queue could not go on with the case, so it has none from then on: what is
    unanswered of it is routed anew, and the trail says why.
    """
    with transaction.atomic():
        locked = lock_case(case)
        if locked.queue_id == queue.pk:
            return locked
        note_change(locked, ChangeKind.QUEUE, before=locked.queue.name, after=queue.name, agent=agent, reason=reason)
        locked.queue = queue
        locked.save(update_fields=["queue"])
        move_waits(locked)
        publish_change(locked, ChangeKind.QUEUE, agent)
        owner = locked.owner
        if owner is not None and not visible_queues(owner).filter(pk=queue.pk).exists():
            return release(case, by=agent, reason=f"{owner.name} does not work in {queue.name}")
        return locked
