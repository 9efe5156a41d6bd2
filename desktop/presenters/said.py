"""Who said something in a case, in words."""

from __future__ import annotations

from interactions.enums import Direction
from interactions.models import Message


def said_words(message: Message) -> str:
    """As a clause: Carla Nyström wrote, Ben Okafor answered."""
    verb = "wrote" if message.direction == Direction.INBOUND else "answered"
    return f"{message.sender_name or message.sender_address} {verb}"
