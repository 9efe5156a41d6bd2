"""Logging by hand: a phone call or a visit that no channel of ours carried becomes an interaction like any other."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from agents.models import Agent
from foundation import bus, clock
from interactions.domain.handle import end_handling
from interactions.domain.status import change_status, lock_case
from interactions.domain.wait import end_waits_of_case
from interactions.enums import (
    FINISHED,
    CaseStatus,
    ChannelName,
    Direction,
    Disposition,
    MessageKind,
    Party,
    SegmentOutcome,
    WaitOutcome,
)
from interactions.errors import CannotReply, NotAllowed
from interactions.events import MessageWritten
from interactions.models import Case, Interaction, Message, Segment

LOGGABLE = (ChannelName.VOICE, ChannelName.VISIT)
LONGEST = timedelta(hours=24)


def log_contact(
    key: UUID,
    *,
    case: UUID,
    channel: ChannelName,
    direction: Direction,
    started_at: datetime,
    length: timedelta,
    text: str,
    disposition: Disposition,
    author: Agent,
    answered: bool = False,
    status: CaseStatus | None = None,
) -> Message:
    """Writes the contact into the case, with the author's handling of it. The same `key` again is the same contact.

    `answered`: the customer has their answer, nothing of the case waits any longer. Raises CannotReply with a sentence
    for the writer, NotAllowed for the key of something else.
    """
    _check(channel, direction, started_at, length, text)
    with transaction.atomic():
        locked = lock_case(case)
        known = Message.objects.filter(pk=key).first()
        if known is not None:
            if known.kind != MessageKind.LOG or known.author_id != author.pk:
                raise NotAllowed
            return known
        message = _write(key, locked, channel, direction, started_at, length, text.strip(), disposition, author)
        if answered:
            _settle(locked)
        if status is not None and status != locked.status:
            change_status(locked, status, agent=author)
            if status in FINISHED:
                _settle(locked)
        locked.active_at = max(locked.active_at, started_at)
        locked.save(update_fields=["active_at", "unanswered_since", "status", "finished_at"])
        bus.publish(
            MessageWritten(
                case=locked.pk,
                queue=locked.queue_id,
                interaction=message.interaction_id,
                message=message.pk,
                kind=MessageKind.LOG.value,
                channel=channel.value,
                agent=author.pk,
            )
        )
        return message


def _check(channel: ChannelName, direction: Direction, started_at: datetime, length: timedelta, text: str) -> None:
    if channel not in LOGGABLE or direction == Direction.INTERNAL:
        raise CannotReply("Only calls and visits are logged by hand.")
    if not timedelta(0) <= length <= LONGEST:
        raise CannotReply("A contact lasts between nothing and a day.")
    if started_at > clock.now():
        raise CannotReply("It has not happened yet.")
    if not text.strip():
        raise CannotReply("Write what was said.")


def _write(
    key: UUID,
    case: Case,
    channel: ChannelName,
    direction: Direction,
    started_at: datetime,
    length: timedelta,
    text: str,
    disposition: Disposition,
    author: Agent,
) -> Message:
    interaction = Interaction.objects.create(
        channel=channel,
        direction=direction,
        case=case,
        customer_id=case.customer_id,
        queue_id=case.queue_id,
        started_at=started_at,
        answered_at=started_at,
        ended_at=started_at + length,
        disposition=disposition,
    )
    Segment.objects.create(
        interaction=interaction,
        agent=author,
        queue_id=case.queue_id,
        channel=channel,
        outcome=SegmentOutcome.ENDED,
        accepted_at=started_at,
        ended_at=started_at + length,
    )
    return Message.objects.create(
        pk=key,
        interaction=interaction,
        case=case,
        customer_id=case.customer_id,
        channel=channel,
        direction=direction,
        kind=MessageKind.LOG,
        party=Party.AGENT,
        author=author,
        sender_name=author.name,
        text=text,
        reply_text=text,
        occurred_at=started_at,
    )


def _settle(case: Case) -> None:
    """Nothing of the case waits, and nobody has it in hand."""
    Interaction.objects.filter(case=case, answered_at=None, direction=Direction.INBOUND).update(answered_at=clock.now())
    end_waits_of_case(case.pk, WaitOutcome.ANSWERED)
    end_handling(case.pk)
    case.unanswered_since = None
