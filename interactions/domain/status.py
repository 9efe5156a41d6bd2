"""A case's own facts: status, priority, tags, subject, queue. Each change is written to the trail and published."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from agents.models import Agent
from foundation import bus, clock
from interactions.domain.handle import end_handling
from interactions.domain.trail import change_of, note_change
from interactions.domain.wait import end_waits_of_case, move_waits
from interactions.enums import FINISHED, CaseStatus, ChangeKind, Priority, WaitOutcome
from interactions.events import CaseChanged, StatusChanged
from interactions.models import Case, Change, Tag, Tagging


def lock_case(case: UUID) -> Case:
    """The case, locked until the transaction ends; everything that changes a case begins here."""
    return Case.objects.select_for_update(of=("self",)).select_related("queue", "owner").get(pk=case)


def lock_cases(cases: Iterable[UUID]) -> dict[UUID, Case]:
    """Those of the cases that exist, locked in one order everywhere, so that nobody waits in a ring."""
    found = Case.objects.select_for_update(of=("self",)).select_related("queue", "owner", "customer")
    return {case.pk: case for case in found.filter(pk__in=set(cases)).order_by("pk")}


def set_status(case: UUID, status: CaseStatus, *, agent: Agent | None = None, reason: str = "") -> Case:
    """Gives the case a status. A finished case waits for nobody and is nobody's work any more."""
    with transaction.atomic():
        locked = lock_case(case)
        if locked.status != status:
            change_status(locked, status, agent=agent, reason=reason)
            locked.save(update_fields=["status", "finished_at", "unanswered_since"])
            if status in FINISHED:
                end_waits_of_case(locked.pk, WaitOutcome.ANSWERED if agent else WaitOutcome.WITHDRAWN)
                end_handling(locked.pk)
        return locked


def change_status(case: Case, status: CaseStatus, *, agent: Agent | None = None, reason: str = "") -> None:
    """Changes the status on a locked case; the caller saves status, finished_at and unanswered_since."""
    change, event = turn_status(case, status, agent=agent, reason=reason)
    change.save(force_insert=True)
    bus.publish(event)


def turn_status(
    case: Case, status: CaseStatus, *, agent: Agent | None = None, reason: str = ""
) -> tuple[Change, StatusChanged]:
    """The same, with the line of the trail to be written and the event to be published by the caller."""
    before = case.status
    case.status = status
    case.finished_at = (case.finished_at or clock.now()) if status in FINISHED else None
    if status in FINISHED:
        case.unanswered_since = None
    return change_of(case, ChangeKind.STATUS, before=before, after=status, agent=agent, reason=reason), StatusChanged(
        case=case.pk,
        queue=case.queue_id,
        status=str(status.value),
        previous=before,
        agent=agent.pk if agent else None,
    )


def set_priority(case: UUID, priority: Priority, *, agent: Agent | None = None) -> Case:
    with transaction.atomic():
        locked = lock_case(case)
        if locked.priority != priority:
            note_change(
                locked,
                ChangeKind.PRIORITY,
                before=str(Priority(locked.priority).label),
                after=str(priority.label),
                agent=agent,
            )
            locked.priority = priority
            locked.save(update_fields=["priority"])
            move_waits(locked)
            publish_change(locked, ChangeKind.PRIORITY, agent)
        return locked


def set_subject(case: UUID, subject: str, *, agent: Agent | None = None) -> Case:
    with transaction.atomic():
        locked = lock_case(case)
        subject = " ".join(subject.split())[:400]
        if subject and locked.subject != subject:
            note_change(locked, ChangeKind.SUBJECT, before=locked.subject, after=subject, agent=agent)
            locked.subject = subject
            locked.save(update_fields=["subject"])
            publish_change(locked, ChangeKind.SUBJECT, agent)
        return locked


def add_tag(case: UUID, name: str, *, agent: Agent | None = None) -> None:
    """Adds the tag, making it when it is new. Twice is once. Raises ValueError for an empty or overlong name."""
    cleaned = " ".join(name.lower().split())
    if not 1 <= len(cleaned) <= 60:
        raise ValueError("A tag has between 1 and 60 letters.")
    with transaction.atomic():
        locked = lock_case(case)
        tag, _ = Tag.objects.get_or_create(name=cleaned)
        _, added = Tagging.objects.get_or_create(case=locked, tag=tag, defaults={"added_by": agent})
        if added:
            note_change(locked, ChangeKind.TAGGED, after=cleaned, agent=agent)
            publish_change(locked, ChangeKind.TAGGED, agent)


def remove_tag(case: UUID, tag: UUID, *, agent: Agent | None = None) -> None:
    with transaction.atomic():
        locked = lock_case(case)
        tagging = Tagging.objects.select_related("tag").filter(case=locked, tag=tag).first()
        if tagging is not None:
            note_change(locked, ChangeKind.UNTAGGED, before=tagging.tag.name, agent=agent)
            tagging.delete()
            publish_change(locked, ChangeKind.UNTAGGED, agent)


def publish_change(case: Case, change: ChangeKind, agent: Agent | None) -> None:
    bus.publish(
        CaseChanged(case=case.pk, queue=case.queue_id, change=str(change.value), agent=agent.pk if agent else None)
    )
