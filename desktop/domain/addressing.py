"""To whom an answer will go, before anybody changes it."""

from __future__ import annotations

from interactions.channel import UnknownChannel, channel_for
from interactions.domain.recipients import Recipients, derive_recipients
from interactions.enums import ChannelName
from interactions.models import Case, Message


def answer_channel(answered: Message | None) -> str:
    """The channel in which an answer goes: that of the message answered, else mail."""
    return answered.channel if answered else ChannelName.EMAIL.value


def derived(case: Case, answered: Message | None) -> Recipients:
    """The recipients that follow from the message to be answered, our own addresses left out."""
    try:
        own = channel_for(answer_channel(answered)).own_addresses()
    except UnknownChannel:
        own = frozenset()
    return derive_recipients(case, answered, own)
