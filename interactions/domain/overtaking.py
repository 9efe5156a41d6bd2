"""Who answers a case knows what was said in it last, by its customer or by a colleague."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from agents.models import Agent
from interactions.enums import DeliveryState, Direction, MessageKind, Party
from interactions.errors import Overtaken
from interactions.models import Case, Message


@dataclass(frozen=True)
class LastSeen:
    """The last message by others that the writer had before them; None when there was none."""

    message: UUID | None


def last_of_others(case: Case, agent: Agent) -> Message | None:
    """What came in last from outside or was answered last by a colleague.

    A stranger's message, notes, what the house says by itself and what was taken back are left out.
    """
    from_outside = Q(direction=Direction.INBOUND) & ~Q(party=Party.STRANGER) & ~Q(kind=MessageKind.LOG)
    by_colleague = Q(direction=Direction.OUTBOUND, kind=MessageKind.MESSAGE, party=Party.AGENT) & ~Q(author=agent)
    return (
        Message.objects.filter(from_outside | by_colleague, case=case)
        .exclude(delivery__state=DeliveryState.WITHDRAWN)
        .order_by("-id")
        .first()
    )


def is_by_others(message: Message, agent: Agent) -> bool:
    """Whether a message, read with its delivery, is one of those that `last_of_others` looks among."""
    delivery = getattr(message, "delivery", None)
    if delivery is not None and delivery.state == DeliveryState.WITHDRAWN:
        return False
    if message.direction == Direction.INBOUND:
        return message.party != Party.STRANGER and message.kind != MessageKind.LOG
    answer = message.kind == MessageKind.MESSAGE and message.party == Party.AGENT
    return message.direction == Direction.OUTBOUND and answer and message.author_id != agent.pk


def check_last(case: Case, agent: Agent, seen: LastSeen) -> None:
    """On a locked case. Raises Overtaken when something was said that the writer has not seen."""
    last = last_of_others(case, agent)
    if last is not None and (seen.message is None or last.pk > seen.message):
        raise Overtaken(last.pk)
