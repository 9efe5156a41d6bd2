"""Out: the one door through which anything is said to a customer. The message and its delivery are rows first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from agents.models import Agent
from foundation import bus, clock, markup
from interactions.channel import channel_for
from interactions.domain.draft import claim_files, use_draft
from interactions.domain.handle import end_handling
from interactions.domain.overtaking import LastSeen, check_last
from interactions.domain.participants import invite
from interactions.domain.recipient_rows import list_recipients
from interactions.domain.recipients import MOST_RECIPIENTS, Recipients
from interactions.domain.status import change_status, lock_case
from interactions.domain.submission import remember, written_by
from interactions.domain.wait import end_waits_of_case
from interactions.enums import (
    CaseStatus,
    DeliveryState,
    Direction,
    MessageKind,
    Party,
    WaitOutcome,
)
from interactions.errors import CannotReply
from interactions.events import DeliveryDue, MessageWritten
from interactions.models import Case, Delivery, DeliveryStep, Interaction, Message


def reply(
    case: UUID,
    *,
    channel: str,
    recipients: Recipients,
    html: str,
    author: Agent | None = None,
    kind: MessageKind = MessageKind.MESSAGE,
    subject: str = "",
    answers: Message | None = None,
    quotes: bool = False,
    attachments: Sequence[UUID] = (),
    status: CaseStatus | None = CaseStatus.WAITING_CUSTOMER,
    draft: UUID | None = None,
    undo_seconds: int | None = None,
    submission: UUID | None = None,
    expects_last: LastSeen | None = None,
) -> Message:
    """Writes the answer and its delivery in one transaction; after the commit it is held for undo, then transmitted.

    `html` is the writer's and is cleaned here. `attachments` are ids of files of the writer's draft, each of which
    must be there. An agent's answer ends what waits of the case and gives it `status` (None leaves it). With `draft`,
    only one call succeeds: the draft is used up. With `submission`, the key of the form that `author` has sent, a
    second call returns the first one's message and writes nothing. With `expects_last`, nothing is written when a
    customer or colleague has said something later in the case. Raises CannotReply with a sentence for the writer, its
    subclass Overtaken in that case.
    """
    port = channel_for(channel)
    body = markup.clean(html)
    text = markup.as_text(body)
    with transaction.atomic():
        locked = lock_case(case)
        if submission is not None and (written := written_by(locked, author, submission)):
            return written
        if expects_last is not None and author is not None:
            check_last(locked, author, expects_last)
        used = use_draft(draft, author)
        files = claim_files(attachments, author)
        _check(recipients, body, text, has_files=bool(attachments), channel=channel)
        message = _write(locked, channel, recipients, body, text, author, kind, subject, answers, quotes)
        remember(message, locked, author, submission)
        files.update(message=message, draft=None)
        if author is not None:
            invite(locked, port.identity_kind, (*recipients.to, *recipients.cc, *recipients.bcc))
        before = _answer(locked, author, status) if kind == MessageKind.MESSAGE and author else {}
        if used is not None:
            before["draft"] = {"html": used.html, "typed": used.typed}
            used.delete()
        hold = port.capabilities.undo_seconds if undo_seconds is None else undo_seconds
        delivery = _owe(message, locked, author, timedelta(seconds=hold if author else 0), before)
        list_recipients(delivery, port.identity_kind, recipients)
        bus.publish(
            MessageWritten(
                case=locked.pk,
                queue=locked.queue_id,
                interaction=message.interaction_id,
                message=message.pk,
                kind=str(kind.value),
                channel=channel,
                agent=author.pk if author else None,
            )
        )
        return message


def _owe(message: Message, case: Case, author: Agent | None, hold: timedelta, before: dict[str, object]) -> Delivery:
    """The delivery of the message, due when it has been held so long; a sweep releases what was held."""
    delivery = Delivery.objects.create(
        message=message,
        case=case,
        channel=message.channel,
        state=DeliveryState.HELD if hold else DeliveryState.QUEUED,
        due_at=clock.now() + hold,
        requested_by=author,
        before=before,
    )
    DeliveryStep.objects.create(delivery=delivery, state=delivery.state, agent=author)
    if not hold:
        bus.publish(DeliveryDue(delivery=delivery.pk, due_at=delivery.due_at))
    return delivery


def _check(recipients: Recipients, body: str, text: str, *, has_files: bool, channel: str) -> None:
    if not recipients.to:
        raise CannotReply("The answer has no recipient.")
    port = channel_for(channel)
    addresses = recipients.addresses()
    if len(addresses) > MOST_RECIPIENTS:
        raise CannotReply(f"An answer goes to {MOST_RECIPIENTS} people at the most.")
    ours = port.own_addresses()
    for address in addresses:
        if address.strip().lower() in ours:
            raise CannotReply(f"{address} is an address of our own; the answer would come back as new mail.")
        if not port.can_reach(address):
            raise CannotReply(f"{address} cannot be reached by {channel}.")
    if not text and not has_files and "<img" not in body:
        raise CannotReply("The answer is empty.")
    limit = port.capabilities.max_length
    if limit is not None and len(text) > limit:
        raise CannotReply(f"The answer has {len(text)} characters; {limit} fit.")


def _write(
    case: Case,
    channel: str,
    recipients: Recipients,
    body: str,
    text: str,
    author: Agent | None,
    kind: MessageKind,
    subject: str,
    answers: Message | None,
    quotes: bool,
) -> Message:
    brand = case.queue.brand
    interaction = _interaction(case, channel, answers)
    return Message.objects.create(
        interaction=interaction,
        case=case,
        customer_id=answers.customer_id if answers and answers.customer_id else case.customer_id,
        channel=channel,
        direction=Direction.OUTBOUND,
        kind=kind,
        party=Party.AGENT if author else Party.SYSTEM,
        author=author,
        sender_name=author.name if author else brand.name,
        subject=subject or case.subject,
        text=text,
        html=body,
        reply_text=text,
        signature=sign(brand.signature, author, brand.name) if author else "",
        to=recipients.to,
        cc=recipients.cc,
        bcc=recipients.bcc,
        answers=answers,
        quotes=quotes and answers is not None,
    )


def sign(pattern: str, author: Agent, brand: str) -> str:
    """The brand's signature with the agent's name and title in it; lines that stay empty are left out."""
    filled = pattern.replace("{agent}", author.name).replace("{title}", author.job_title).replace("{brand}", brand)
    return "\n".join(line.strip() for line in filled.splitlines() if line.strip())


def _interaction(case: Case, channel: str, answers: Message | None) -> Interaction:
    """The contact that this answers, or a new outbound one when we write first."""
    if answers is not None and answers.interaction is not None:
        return answers.interaction
    return Interaction.objects.create(
        channel=channel,
        direction=Direction.OUTBOUND,
        case=case,
        customer_id=case.customer_id,
        queue_id=case.queue_id,
        answered_at=clock.now(),
    )


def _answer(case: Case, author: Agent, status: CaseStatus | None) -> dict[str, object]:
    """What an agent's answer does to the case; returns how it stood before, for taking the answer back."""
    answered = list(Interaction.objects.filter(case=case, answered_at=None, direction=Direction.INBOUND))
    before: dict[str, object] = {
        "status": case.status,
        "unanswered_since": case.unanswered_since.isoformat() if case.unanswered_since else None,
        "finished_at": case.finished_at.isoformat() if case.finished_at else None,
        "interactions": [str(interaction.pk) for interaction in answered],
    }
    Interaction.objects.filter(pk__in=[interaction.pk for interaction in answered]).update(answered_at=clock.now())
    end_waits_of_case(case.pk, WaitOutcome.ANSWERED)
    before["segments"] = [str(segment) for segment in end_handling(case.pk)]
    if status is not None and status != case.status:
        change_status(case, status, agent=author)
    before["became"] = case.status
    case.unanswered_since = None
    case.active_at = clock.now()
    case.save(update_fields=["status", "unanswered_since", "finished_at", "active_at"])
    return before
