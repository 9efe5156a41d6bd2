"""Waiting: that an interaction waits for an agent, in which queue and with which needs, and until when presumably."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from foundation import bus, clock
from interactions.enums import WaitOutcome
from interactions.events import Waiting, WaitingEnded, WaitingStarted
from interactions.models import Case, Interaction, WaitingRecord


def wait(
    interaction: Interaction,
    case: Case,
    *,
    needs: Iterable[UUID] = (),
    named_agent: UUID | None = None,
    named_until: datetime | None = None,
    reason: str = "",
) -> WaitingRecord:
    """Lets the interaction wait in its case's queue, since its message arrived. Already waiting: the same record."""
    with transaction.atomic():
        record, created = WaitingRecord.objects.get_or_create(
            interaction=interaction,
            ended_at=None,
            defaults={
                "case": case,
                "queue_id": case.queue_id,
                "channel": interaction.channel,
                "needs": sorted(str(need) for need in needs),
                "priority": case.priority,
                "since": interaction.started_at,
                "named_agent_id": named_agent,
                "named_until": named_until,
                "reason": reason[:200],
            },
        )
        if created:
            bus.publish(
                WaitingStarted(
                    case=case.pk,
                    queue=case.queue_id,
                    waiting=record.pk,
                    interaction=interaction.pk,
                    channel=interaction.channel,
                )
            )
        return record


def expect(record: WaitingRecord, expected_by: datetime | None, expected_from: dict[str, Any]) -> None:
    """Stores by when the wait will presumably be over and the figures this was computed from; publishes Waiting."""
    with transaction.atomic():
        record.expected_by, record.expected_from = expected_by, expected_from
        record.save(update_fields=["expected_by", "expected_from"])
        bus.publish(
            Waiting(
                case=record.case_id,
                queue=record.queue_id,
                waiting=record.pk,
                interaction=record.interaction_id,
                channel=record.channel,
                expected_by=expected_by,
            )
        )


def release_name(record: WaitingRecord) -> None:
    """The named agent is not waited for any longer; anybody fit may have it."""
    record.named_until = clock.now()
    record.save(update_fields=["named_until"])


def end_wait(record: UUID, outcome: WaitOutcome) -> bool:
    """Ends the wait; False when it had ended already."""
    with transaction.atomic():
        locked = WaitingRecord.objects.select_for_update().filter(pk=record, ended_at=None).first()
        if locked is None:
            return False
        _end(locked, outcome)
        return True


def end_waits_of_case(case: UUID, outcome: WaitOutcome) -> int:
    """Ends every wait of the case and says how many there were."""
    with transaction.atomic():
        records = list(WaitingRecord.objects.select_for_update().filter(case=case, ended_at=None).order_by("pk"))
        for record in records:
            _end(record, outcome)
        return len(records)


def move_waits(case: Case) -> None:
    """Open waits follow their case's queue and priority and are looked at again; none waits for an agent who is not in
    that queue.
    """
    for record in WaitingRecord.objects.select_for_update().filter(case=case, ended_at=None).order_by("pk"):
        record.queue_id, record.priority = case.queue_id, case.priority
        record.save(update_fields=["queue", "priority"])
        if record.named_agent_id and not case.queue.members.filter(pk=record.named_agent_id).exists():
            release_name(record)
        bus.publish(
            WaitingStarted(
                case=case.pk,
                queue=case.queue_id,
                waiting=record.pk,
                interaction=record.interaction_id,
                channel=record.channel,
            )
        )


def _end(record: WaitingRecord, outcome: WaitOutcome) -> None:
    record.ended_at, record.outcome = clock.now(), outcome
    record.save(update_fields=["ended_at", "outcome"])
    bus.publish(
        WaitingEnded(
            case=record.case_id,
            queue=record.queue_id,
            waiting=record.pk,
            interaction=record.interaction_id,
            outcome=str(outcome.value),
        )
    )
