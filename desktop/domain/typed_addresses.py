"""Addresses as people type them: one after the other, each with or without a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from customers.domain.addresses import normalise
from customers.enums import IdentityKind
from customers.errors import AddressUnusable
from interactions.models import AddressLine

LONGEST = 500  # characters of one address with its name
_SEPARATORS = ",;\n"
_NAMED = re.compile(r"(?P<name>[^<>]*)<\s*(?P<address>[^<>]+?)\s*>")
_COMMENTED = re.compile(r"(?P<address>[^\s()<>]+@[^\s()<>]+)\s*\((?P<name>[^()]*)\)")


@dataclass(frozen=True)
class Typed:
    """What stands in a field: the addresses that could be read, and each piece that could not, as it was typed."""

    lines: list[AddressLine]
    unread: list[str]


def read_addresses(text: str) -> Typed:
    """Reads every piece between commas, semicolons and ends of lines for itself, so that none hides another."""
    lines: list[AddressLine] = []
    unread: list[str] = []
    for piece in _pieces(text):
        try:
            lines.append(read_address(piece))
        except AddressUnusable:
            unread.append(piece)
    return Typed(lines, unread)


def read_address(piece: str) -> AddressLine:
    """`anna@post.example`, `Anna <anna@post.example>`, `"Berg, Anna" <…>` or `anna@post.example (Anna)`.

    Raises AddressUnusable with a sentence that names what was typed.
    """
    cleaned = " ".join(piece.split())
    short = len(cleaned) <= LONGEST
    found = (_NAMED.fullmatch(cleaned) or _COMMENTED.fullmatch(cleaned)) if short else None
    name, address = (found["name"], found["address"]) if found else ("", cleaned)
    try:
        normalise(IdentityKind.EMAIL, address if short else "")
    except AddressUnusable as error:
        raise AddressUnusable(f"{cleaned[:80]} is not an e-mail address.") from error
    return {"name": _unquoted(name), "address": address}


def _unquoted(name: str) -> str:
    bare = name.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = re.sub(r"\\(.)", r"\1", bare[1:-1])
    return " ".join(bare.split())


def _pieces(text: str) -> list[str]:
    """The text at its separators, but for those in quotes; a quote that does not end is a sign like any other."""
    pieces, start, quoted = [], 0, False
    ends = text.count('"') - text.count('\\"')
    for at, sign in enumerate(text):
        if sign == '"' and ends % 2 == 0 and text[at - 1 : at] != "\\":
            quoted = not quoted
        elif sign in _SEPARATORS and not quoted:
            pieces.append(text[start:at])
            start = at + 1
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces if piece.strip()]
