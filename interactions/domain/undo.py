"""Undo: an answer that is still held is taken back, and what it did to its case with it; what others did stays."""

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
from interactions.enums import FINISHED, CaseStatus, DeliveryState, DraftKind, MessageKind
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
        _restore(locked_case, held, before, agent)
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


def _restore(case: Case, delivery: Delivery, before: dict[str, Any], agent: Agent) -> None:
    """The case as it stood, except for what others have done to it since."""
    if "status" not in before:  # it did not answer the customer
        return
    if _handed_on(delivery, before):
        return
    Interaction.objects.filter(pk__in=before.get("interactions", [])).update(answered_at=None)
    status, became = CaseStatus(before["status"]), before.get("became")
    if became is not None and case.status != became and case.status in FINISHED:
        return  # somebody has finished it meanwhile, with or without this answer
    resume_handling([UUID(segment) for segment in before.get("segments", [])])
    if status != case.status and became in {None, case.status}:
        change_status(case, status, agent=agent, reason="answer taken back")
        finished = before.get("finished_at")
        case.finished_at = datetime.fromisoformat(finished) if finished else None
    since = before.get("unanswered_since")
    if since:
        case.unanswered_since = datetime.fromisoformat(since)  # earlier than what was written meanwhile
    case.save(update_fields=["status", "unanswered_since", "finished_at"])


def _handed_on(delivery: Delivery, before: dict[str, Any]) -> bool:
    """Whether a later answer stands: the customer is answered by that one, which now remembers how the case stood."""
    later = (
        Delivery.objects.select_for_update(of=("self",))
        .filter(case=delivery.case_id, before__has_key="status", created_at__gt=delivery.created_at)
        .exclude(state=DeliveryState.WITHDRAWN)
        .order_by("created_at")
        .first()
    )
    if later is None:
        return False
    mine = {key: value for key, value in before.items() if key not in {"draft", "became"}}
    theirs = later.before or {}
    for key in ("interactions", "segments"):
        mine[key] = [*mine.get(key, []), *theirs.get(key, [])]
    mine["unanswered_since"] = mine["unanswered_since"] or theirs["unanswered_since"]
    later.before = {**theirs, **mine}
    later.save(update_fields=["before"])
    return True


def _restore_draft(case: Case, message: Message, was: dict[str, Any], agent: Agent) -> Draft:
    """The words as a draft again; what the agent has begun to write meanwhile is kept below them."""
    html = was.get("html") or message.html
    draft, fresh = Draft.objects.select_for_update().get_or_create(
        case=case,
        agent=agent,
        kind=DraftKind.FORWARD if message.kind == MessageKind.FORWARD else DraftKind.REPLY,
        defaults={
            "html": html,
            "typed": was.get("typed") or {},
            "to": message.to,
            "cc": message.cc,
            "bcc": message.bcc,
            "quote": message.quotes,
        },
    )
    if not fresh:
        draft.html, draft.typed = f"{html}{draft.html}", {}
        draft.to, draft.cc, draft.bcc = message.to, message.cc, message.bcc
    draft.version += 1
    draft.save()
    if message.kind != MessageKind.FORWARD:  # whose files lie under the message that was forwarded
        Attachment.objects.filter(message=message).update(message=None, draft=draft, uploaded_by=agent)
    return draft
