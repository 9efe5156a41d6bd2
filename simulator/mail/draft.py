"""A mail as its writer thinks of it, before a mail program has put it into its own manner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Answered:
    """The mail that is answered, as far as an answer shows and names it. Message-IDs come without brackets."""

    name: str
    address: str
    to: str
    subject: str
    text: str
    at: datetime
    message_id: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class File:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Draft:
    name: str
    address: str
    to: str
    subject: str
    text: str
    language: str
    at: datetime
    message_id: str
    answered: Answered | None = None
    files: tuple[File, ...] = ()
