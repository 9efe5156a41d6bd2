"""In: the one door through which a message from outside reaches a case, whatever its channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from interactions.channel import InboundMessage
from interactions.domain.reception import Reception
from interactions.enums import Direction
from interactions.models import Message

Key = tuple[str, str]  # channel and external id


@dataclass(frozen=True)
class Received:
    """What became of an inbound message. `duplicate`: it was here before, and nothing was written."""

    message: Message
    opened: bool = False
    reopened: bool = False
    duplicate: bool = False


def receive(inbound: InboundMessage) -> Received:
    """Identifies the customer, finds or opens the case, appends the message and publishes what happened.

    The same (channel, external id) again, also at the same moment, gives the message that is there already.
    Raises AddressUnusable when the sender's address cannot be one.
    """
    return receive_all([inbound])[0]


def receive_all(inbounds: Sequence[InboundMessage]) -> list[Received]:
    """Each as `receive` would, one after the other, in few statements; when one cannot be received, none is."""
    first: dict[Key, InboundMessage] = {}
    for inbound in inbounds:
        first.setdefault(_key(inbound), inbound)
    settled = _settle(first)
    answers = []
    for inbound in inbounds:
        received = settled[_key(inbound)]
        is_first = first[_key(inbound)] is inbound
        answers.append(received if is_first else Received(received.message, duplicate=True))
    return answers


def already_received(channel: str, external_ids: Iterable[str]) -> set[str]:
    """Which of these came before: their files need not be stored once more."""
    known = Message.objects.filter(channel=channel, external_id__in=list(external_ids), direction=Direction.INBOUND)
    return {str(external_id) for external_id in known.order_by().values_list("external_id", flat=True)}


def _settle(asked: dict[Key, InboundMessage]) -> dict[Key, Received]:
    """Whenever somebody else is quicker with one of them, the rest is begun anew."""
    settled = _known(asked)
    while fresh := {key: inbound for key, inbound in asked.items() if key not in settled}:
        try:
            with transaction.atomic():
                settled |= _receive(fresh)
        except IntegrityError:
            quicker = _known(fresh)
            if not quicker:
                raise
            settled |= quicker
    return settled


def _receive(fresh: dict[Key, InboundMessage]) -> dict[Key, Received]:
    reception = Reception(list(fresh.values()))
    return {
        key: Received(placed.message, opened=placed.opened, reopened=placed.reopened)
        for key, placed in zip(fresh, reception.take_in(), strict=True)
    }


def _known(keys: Iterable[Key]) -> dict[Key, Received]:
    asked: dict[str, list[str]] = {}
    for channel, external_id in keys:
        asked.setdefault(channel, []).append(external_id)
    return {
        (channel, str(message.external_id)): Received(message, duplicate=True)
        for channel, external_ids in asked.items()
        if (here := already_received(channel, external_ids))  # hardly ever, and a message is much to read
        for message in Message.objects.select_related("case").filter(
            channel=channel, external_id__in=here, direction=Direction.INBOUND
        )
    }


def _key(inbound: InboundMessage) -> Key:
    return inbound.channel, inbound.external_id
