"""Admitting: a new message is classified, waits, learns how long presumably, and is offered, in one transaction."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from interactions.domain.handle import begin_handling, end_handling, is_handling
from interactions.domain.outlook import outlook
from interactions.domain.status import lock_case
from interactions.domain.wait import expect, wait
from interactions.enums import Direction
from interactions.models import Case, Interaction, Queue, WaitingRecord
from routing.domain.offer import offer_next
from routing.domain.owner import owners_claim


def needs_of(queue: Queue) -> list[UUID]:
    """The skills that a case of the queue needs."""
    return list(queue.skills.order_by("pk").values_list("pk", flat=True))


def admit(case: UUID, interaction: UUID) -> WaitingRecord | None:
    """Lets the interaction wait for an agent and offers what is next in its queue. The same again: nothing happens.

    None when nobody has to be asked: it was answered or waited before, its case is finished, or the owner is at work on
    the case and has the new message before them already.
    """
    with transaction.atomic():
        locked = lock_case(case)
        contact = Interaction.objects.get(pk=interaction)
        if locked.is_finished or contact.answered_at is not None or contact.waits.exists():
            return None
        if locked.owner is not None and is_handling(locked.owner, locked.pk):
            begin_handling(contact, locked.owner.pk)
            return None
        record = _let_wait(locked, contact)
        offer_next(locked.queue, record.channel)
        return record


def readmit(case: UUID) -> list[WaitingRecord]:
    """A case that its owner let go of waits again, at its old place, for what is still unanswered of it."""
    with transaction.atomic():
        locked = lock_case(case)
        if locked.is_finished or locked.unanswered_since is None or locked.owner is not None:
            return []
        end_handling(locked.pk)
        unanswered = Interaction.objects.filter(
            case=locked, direction=Direction.INBOUND, answered_at=None, waits__isnull=False
        ).exclude(waits__ended_at=None)
        records = [_let_wait(locked, contact) for contact in unanswered.distinct().order_by("started_at")]
        if records:
            offer_next(locked.queue, records[0].channel)
        return records


def _let_wait(case: Case, contact: Interaction) -> WaitingRecord:
    claim = owners_claim(case)
    record = wait(
        contact,
        case,
        needs=needs_of(case.queue),
        named_agent=claim.agent if claim else None,
        named_until=claim.until if claim else None,
        reason=claim.reason if claim else "",
    )
    expected = outlook(case.queue, contact.channel, record=record)
    expect(record, expected.expected_by, expected.figures())
    return record
