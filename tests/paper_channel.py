"""A channel that hands its letters to a list, and fails when told to, for scenes about any channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from interactions import channel as port
from interactions.channel import Capabilities, Outgoing, Transmitted


class PaperChannel:
    name = "paper"
    identity_kind = "email"

    def __init__(self, undo_seconds: int = 0) -> None:
        self.capabilities = Capabilities(
            html=True, attachments=True, subject=True, copies=True, undo_seconds=undo_seconds
        )
        self.letters: list[Outgoing] = []
        self.trouble: Callable[[Outgoing], Exception | None] = lambda outgoing: None

    def transmit(self, outgoing: Outgoing) -> Transmitted:
        failure = self.trouble(outgoing)
        if failure is not None:
            raise failure
        self.letters.append(outgoing)
        return Transmitted(external_id=f"paper-{len(self.letters)}", answer="250 taken")

    def can_reach(self, address: str) -> bool:
        return "@" in address

    def own_addresses(self) -> frozenset[str]:
        return frozenset({"support@nordhem.example"})


@contextmanager
def paper_channel(undo_seconds: int = 0) -> Iterator[PaperChannel]:
    channel = PaperChannel(undo_seconds)
    port.register(channel)
    try:
        yield channel
    finally:
        del port._registry.channels[channel.name]
