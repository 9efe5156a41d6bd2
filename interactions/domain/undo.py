"""Undo: an answer that is still held is taken back, and everything stands as before it was sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agents.models import Agent
from foundation import bus, clock
from interactions.domain.handle import resume_handling
from interactions.domain.recipient_rows import follow_delivery
from interactions.domain.status import change_status, lock_case
from interactions.enums import CaseStatus, DeliveryState, DraftKind, MessageKind
from interactions.errors import CannotReply
from interactions.events import DeliveryChanged
from interactions.models import Attachment, Case, Delivery, DeliveryStep, Draft, Interaction, Message


def take_back(delivery: UUID, agent: Agent) -> Draft:
    """Undo: withdraws an answer that is still held, puts the case back as it stood and the words back into a draft.

    Raises CannotReply when it is too late.
    """
    with transaction.atomic():
        case_id = Delivery.objects.values_list("case", flat=True).get(pk=delivery)
        locked_case = lock_case(case_id)
        held = Delivery.objects.select_for_update(of=("self",)).select_related("message").get(pk=delivery)
        if held.state == DeliveryState.WITHDRAWN:
            raise CannotReply("It was taken back already; nothing was sent.")
        if held.state not in {DeliveryState.HELD, DeliveryState.QUEUED} or held.attempts:
            raise CannotReply("It is too late: the answer is already on its way.")
        held.state, held.finished_at = DeliveryState.WITHDRAWN, clock.now()
        held.save(update_fields=["state", "finished_at"])
        DeliveryStep.objects.create(delivery=held, state=held.state, agent=agent)
        follow_delivery(held)
        before = held.before or {}
        _restore(locked_case, before, agent)
        draft = _restore_draft(locked_case, held.message, before.get("draft") or {}, agent)
        bus.publish(
            DeliveryChanged(
                case=locked_case.pk,
                queue=locked_case.queue_id,
                delivery=held.pk,
                message=held.message_id,
                state=str(held.state),
            )
        )
        return draft


def _restore(case: Case, before: dict[str, Any], agent: Agent) -> None:
    if "status" not in before:  # it did not answer the customer
        return
    Interaction.objects.filter(pk__in=before.get("interactions", [])).update(answered_at=None)
    resume_handling([UUID(segment) for segment in before.get("segments", [])])
    status = before.get("status")
    if status is not None and status != case.status:
        change_status(case, CaseStatus(status), agent=agent, reason="answer taken back")
    since, finished = before.get("unanswered_since"), before.get("finished_at")
    case.unanswered_since = datetime.fromisoformat(since) if since else None
    case.finished_at = datetime.fromisoformat(finished) if finished else None
    case.save(update_fields=["status", "unanswered_since", "finished_at"])


def _restore_draft(case: Case, message: Message, was: dict[str, Any], agent: Agent) -> Draft:
    """The words as a draft again; what the agent has begun to write meanwhile is kept below them."""
    html = was.get("html") or message.html
    draft, fresh = Draft.objects.select_for_update().get_or_create(
        case=case,
        agent=agent,
        kind=DraftKind.FORWARD if message.kind == MessageKind.FORWARD else DraftKind.REPLY,
        defaults={"html": html, "to": message.to, "cc": message.cc, "bcc": message.bcc, "quote": message.quotes},
    )
    if not fresh:
        draft.html = f"{html}{draft.html}"
        draft.to, draft.cc, draft.bcc = message.to, message.cc, message.bcc
    draft.version += 1
    draft.save()
    if message.kind != MessageKind.FORWARD:  # whose files lie under the message that was forwarded
        Attachment.objects.filter(message=message).update(message=None, draft=draft)
    return draft
