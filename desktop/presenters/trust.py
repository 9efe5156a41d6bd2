"""How far a message's sender is to be believed, and whether their mail is turned away: icon, words and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from agents.enums import Permission
from agents.models import Agent
from channels_email.domain.block import blocked_among, blocking_values
from desktop.presenters.links import link
from desktop.presenters.words import Look
from interactions.enums import ChannelName, Direction, Party, SenderDoubt
from interactions.models import Message

_DOUBTS = {
    SenderDoubt.UNVERIFIED: Look("unverified", "could not be verified", "shield"),
    SenderDoubt.FAILED: Look("failed", "failed verification", "alert-triangle", "danger"),
    SenderDoubt.COLLEAGUE: Look("colleague", "uses a colleague's address", "alert-triangle", "danger"),
}
_WARNINGS = {
    SenderDoubt.COLLEAGUE: "This came by mail in the name of a colleague. Colleagues write here on the desktop; "
    "anybody can put such an address into a mail. Check with them before you trust or answer it.",
    SenderDoubt.FAILED: "The sender's own domain says that this mail is not from there. It may be forged.",
}
_BY_PARTY = {
    Party.STRANGER: "This came from somebody who does not take part in the case. Check before you trust or answer it.",
    Party.THIRD_PARTY: "A third party wrote this to us. The customer does not see it; your answers do not quote it.",
}


@dataclass(frozen=True)
class BlockView:
    """The menu by which a sender is turned away; `blocked` is what turns them away already, '' for nothing."""

    url: str
    address: str
    domain: str
    blocked: str


def trust_of(message: Message) -> Look | None:
    """What the check of the sender found; None where no check was made."""
    if message.direction != Direction.INBOUND:
        return None
    doubt = SenderDoubt(message.sender_doubt)
    if doubt != SenderDoubt.NONE:
        return _DOUBTS[doubt]
    if message.sender_verified:
        return Look("verified", f"verified as {message.sender_verified}", "shield-check", "success")
    return None


def warning_of(message: Message) -> str:
    told = _WARNINGS.get(SenderDoubt(message.sender_doubt), "")
    return told or _BY_PARTY.get(Party(message.party), "")


def blocked_senders(agent: Agent, messages: Iterable[Message]) -> frozenset[str] | None:
    """What is blocked among the senders of these messages, in one query; None when the agent may not block."""
    if not agent.may(Permission.BLOCK_SENDERS):
        return None
    return blocked_among({message.sender_address for message in messages if _is_mail(message)})


def block_view(message: Message, blocked: Collection[str] | None) -> BlockView | None:
    if blocked is None or not _is_mail(message) or "@" not in message.sender_address:
        return None
    values = blocking_values(message.sender_address)
    return BlockView(
        url=link("desktop:blocking", message.pk),
        address=message.sender_address,
        domain=f"@{message.sender_address.rpartition('@')[2].lower()}",
        blocked=next((value for value in values if value in blocked), ""),
    )


def _is_mail(message: Message) -> bool:
    return message.direction == Direction.INBOUND and message.channel == ChannelName.EMAIL
