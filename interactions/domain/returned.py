"""What is heard of a delivery after it counted as sent: it came back, it is held up, or it was called spam."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from foundation import bus
from interactions.domain.deliver import record_step
from interactions.domain.recipient_rows import fail_recipients, slow_recipients
from interactions.domain.status import change_status, lock_case
from interactions.domain.trail import note_change
from interactions.enums import CaseStatus, ChangeKind, DeliveryState, Party
from interactions.events import CaseChanged
from interactions.models import Delivery

_GONE = {DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.DELAYED}


def returned(delivery: UUID, answer: str, addresses: Mapping[str, str] | None = None) -> bool:
    """What counted as sent has failed after all, with the report's words. False when it was not sent.

    `addresses` are those it did not reach, with what was said of each; the others have it.
    A case that waits for its customer to answer an agent's mail waits for nothing then; it is open again.
    """
    with transaction.atomic():
        case = lock_case(Delivery.objects.values_list("case", flat=True).get(pk=delivery))
        row = _locked(delivery)
        if row.state not in _GONE:
            return False
        record_step(row, DeliveryState.FAILED, answer)
        fail_recipients(row, addresses or {})
        if case.status == CaseStatus.WAITING_CUSTOMER and row.message.party == Party.AGENT:
            change_status(case, CaseStatus.OPEN, reason="the answer came back")
            case.save(update_fields=["status", "finished_at", "unanswered_since"])
        return True


def slowed(delivery: UUID, answer: str, addresses: Mapping[str, str] | None = None) -> bool:
    """A server on the way tells that it goes on trying, with `addresses` as in `returned`. False when the delivery was
    not sent, or failed since.
    """
    with transaction.atomic():
        row = _locked(delivery)
        if row.state not in _GONE:
            return False
        record_step(row, DeliveryState.DELAYED, answer)
        slow_recipients(row, addresses or {})
        return True


def complained(case: UUID, address: str) -> bool:
    """The owner of an address called a mail of this case spam: its trail says so. False when it did already."""
    with transaction.atomic():
        locked = lock_case(case)
        if locked.changes.filter(kind=ChangeKind.COMPLAINT, after=address[:400]).exists():
            return False
        note_change(locked, ChangeKind.COMPLAINT, after=address)
        bus.publish(CaseChanged(case=locked.pk, queue=locked.queue_id, change=ChangeKind.COMPLAINT.value, agent=None))
        return True


def _locked(delivery: UUID) -> Delivery:
    return Delivery.objects.select_for_update(of=("self",)).select_related("case", "message").get(pk=delivery)
