"""Whose case it is: one owner at a time, as a record with who and why."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agents.models import Agent
from foundation import bus, clock
from interactions.domain.access import visible_queues
from interactions.domain.handle import begin_handling, hand_over
from interactions.domain.status import change_status, lock_case
from interactions.domain.trail import note_change
from interactions.domain.wait import end_waits_of_case
from interactions.enums import CaseStatus, ChangeKind, WaitOutcome
from interactions.errors import NotAllowed
from interactions.events import Assigned
from interactions.models import Assignment, Case, WaitingRecord


def assign(case: UUID, agent: Agent, *, by: Agent | None = None, reason: str = "") -> Case:
    """Makes `agent` the owner; what waits of the case, or another has in hand of it, is theirs to handle now.

    A new case is open from then on. Its clocks go on: nobody has answered yet.

    Raises NotAllowed when `agent` may not see the case's queue.
    """
    with transaction.atomic():
        locked = lock_case(case)
        if not visible_queues(agent).filter(pk=locked.queue_id).exists():
            raise NotAllowed
        _set_owner(locked, agent, by, reason)
        if locked.status == CaseStatus.NEW:
            change_status(locked, CaseStatus.OPEN, agent=by, reason="has an owner")
            locked.save(update_fields=["status", "finished_at", "unanswered_since"])
        hand_over(locked.pk, agent.pk)
        waiting = list(WaitingRecord.objects.select_related("interaction").filter(case=locked, ended_at=None))
        if end_waits_of_case(locked.pk, WaitOutcome.ACCEPTED):
            for record in waiting:
                begin_handling(record.interaction, agent.pk)
        return locked


def release(case: UUID, *, by: Agent | None = None, reason: str = "") -> Case:
    """Takes the owner off the case."""
    with transaction.atomic():
        locked = lock_case(case)
        _set_owner(locked, None, by, reason)
        return locked


def _set_owner(case: Case, agent: Agent | None, by: Agent | None, reason: str) -> None:
    previous = case.owner
    if previous == agent:
        return
    now = clock.now()
    Assignment.objects.filter(case=case, ended_at=None).update(ended_at=now)
    if agent is not None:
        Assignment.objects.create(case=case, agent=agent, assigned_by=by, reason=reason[:200], started_at=now)
    case.owner = agent
    case.save(update_fields=["owner"])
    note_change(
        case,
        ChangeKind.OWNER,
        before=previous.name if previous else "",
        after=agent.name if agent else "",
        agent=by,
        reason=reason,
    )
    bus.publish(
        Assigned(
            case=case.pk,
            queue=case.queue_id,
            agent=agent.pk if agent else None,
            previous=previous.pk if previous else None,
        )
    )
