"""The port between cases and channels: what a channel hands in, what it takes out, and where the channels are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Contact:
    """An address with the name its owner shows."""

    address: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class StoredAttachment:
    """A file that is already in storage. `content_type` was sniffed, `declared_type` is what the sender said."""

    key: str
    filename: str
    content_type: str
    declared_type: str
    size: int
    sha256: str
    inline: bool = False
    content_id: str = ""


@dataclass(frozen=True, kw_only=True)
class ThreadHint:
    """The case that a message belongs to as its channel sees it.

    `proven`: the message carries something only a recipient of ours can have (a signed address or Message-ID). A hint
    that is not proven (a subject's number) holds only when the sender already takes part in the case.
    """

    case: UUID
    proven: bool
    by: str
    answers: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class InboundMessage:
    """One message from outside in the normal form that every channel hands to `domain.receive`.

    `external_id` is unique per channel: the same one a second time is a duplicate. `text` is the whole message as
    text, `html` sanitised, `reply_text` only what is new in it. `sender_kind` is a customers.enums.IdentityKind.
    `sender_verified` is the domain that vouches for the sender, `sender_doubt` a SenderDoubt;
    `protection` is a Protection, `invitation` is what it invites to (see `Message`).
    """

    channel: str
    external_id: str
    queue: UUID
    sender: Contact
    sender_kind: str
    received_at: datetime
    subject: str = ""
    text: str = ""
    html: str = ""
    reply_text: str = ""
    signature: str = ""
    to: tuple[Contact, ...] = ()
    cc: tuple[Contact, ...] = ()
    reply_to: tuple[Contact, ...] = ()
    attachments: tuple[StoredAttachment, ...] = ()
    thread: ThreadHint | None = None
    automatic: bool = False
    language: str = ""
    priority: int | None = None
    references: tuple[str, ...] = ()
    sender_verified: str = ""
    sender_doubt: str = ""
    protection: str = ""
    invitation: Mapping[str, str | bool] | None = None


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What an adapter transmits: one message to its recipients. `idempotency` names this delivery for ever."""

    delivery: UUID
    message: UUID
    case: UUID
    idempotency: str


@dataclass(frozen=True, kw_only=True)
class Transmitted:
    """The other side took the message; `external_id` is its name for it, `answer` its words.

    `refused` are copies that it did not take, with what it said of each.
    """

    external_id: str
    answer: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a channel can carry. `undo_seconds`: how long an answer is held so that its writer may take it back."""

    html: bool = False
    attachments: bool = False
    subject: bool = False
    copies: bool = False
    undo_seconds: int = 0
    max_length: int | None = None
    max_attachment_bytes: int = 0


class Channel(Protocol):
    """A way to reach customers. One per `name`; registered by its app when Django starts."""

    name: str
    identity_kind: str
    capabilities: Capabilities

    def transmit(self, outgoing: Outgoing) -> Transmitted:
        """Hands the message to the other side, once.

        Raises PermanentFailure, TransientFailure or OutcomeUnknown (interactions.errors); whatever else it raises
        counts as OutcomeUnknown once the transmission has begun.
        """
        ...

    def can_reach(self, address: str) -> bool:
        """Whether `address` has the form of an address in this channel."""
        ...

    def own_addresses(self) -> frozenset[str]:
        """The addresses under which we are reached in this channel, in lower case."""
        ...


@dataclass
class _Registry:
    channels: dict[str, Channel] = field(default_factory=dict)


_registry = _Registry()


class UnknownChannel(LookupError):
    """No app has registered a channel of that name."""


def register(channel: Channel) -> None:
    """Makes a channel known; a second one of the same name is a mistake and raises ValueError."""
    known = _registry.channels.get(channel.name)
    if known is not None and type(known) is not type(channel):
        raise ValueError(f"two channels are called {channel.name}")
    _registry.channels[channel.name] = channel


def channel_for(name: str) -> Channel:
    try:
        return _registry.channels[name]
    except KeyError:
        raise UnknownChannel(name) from None


def channels() -> Mapping[str, Channel]:
    return dict(_registry.channels)


def own_addresses(name: str) -> frozenset[str]:
    """The addresses under which we are reached in a channel, in lower case. Raises UnknownChannel."""
    return channel_for(name).own_addresses()
