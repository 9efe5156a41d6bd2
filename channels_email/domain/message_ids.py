"""Message-IDs: ours name their delivery and case and are signed; theirs are remembered with the case they came in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from channels_email.domain import signed
from channels_email.models import KnownMessageId
from foundation.insert import insert
from interactions.models import Message

MAX_LENGTH = 255
_PURPOSE = "message id"
_OURS = re.compile(rf"([0-9a-f]{{32}})\.([0-9a-z]{{1,12}})\.([a-z2-7]{{{signed.LENGTH}}})@", re.IGNORECASE)
_PRESENTABLE = re.compile(r"[!-;=?-~]{3,250}")  # printable ASCII but <, > and blanks


@dataclass(frozen=True)
class OwnMessageId:
    delivery: UUID
    case_number: int


def own_message_id(delivery: UUID, case_number: int, domain: str) -> str:
    """The Message-ID, without brackets, of everything that is ever transmitted for this delivery."""
    value = f"{delivery.hex}.{signed.write_number(case_number)}"
    return f"{value}.{signed.mark(_PURPOSE, value)}@{domain}"


def read_own(message_id: str) -> OwnMessageId | None:
    """What one of our Message-IDs says; None for any that we did not make."""
    found = _OURS.match(message_id.strip("<> "))
    if found is None or not signed.is_ours(_PURPOSE, f"{found[1]}.{found[2]}".lower(), found[3]):
        return None
    number = signed.read_number(found[2])
    return OwnMessageId(UUID(hex=found[1]), number) if number is not None else None


def stored_form(message_id: str) -> str:
    """How a Message-ID is stored and looked up: as it is, or its SHA-256 where it is too long for an index."""
    bare = message_id.strip("<> \t\r\n").replace("\x00", "")
    return bare if len(bare) <= MAX_LENGTH else f"sha256:{hashlib.sha256(bare.encode()).hexdigest()}"


def remember(message: Message, message_id: str, *, ours: bool) -> None:
    """Stores the Message-ID under which `message` travelled. Twice is once; an empty one is nothing."""
    remember_all([(message, message_id)], ours=ours)


def remember_all(travelled: Iterable[tuple[Message, str]], *, ours: bool) -> None:
    """The same for several at once."""
    insert(
        (
            KnownMessageId(value=value, message=message, case_id=message.case_id, ours=ours)
            for message, message_id in travelled
            if (value := stored_form(message_id)) and message.case_id is not None
        ),
        ignore_conflicts=True,
    )


def is_presentable(message_id: str) -> bool:
    """Whether it may stand in a header field of ours."""
    return _PRESENTABLE.fullmatch(message_id) is not None
