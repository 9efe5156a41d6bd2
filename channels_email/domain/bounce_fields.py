"""Delivery status fields (RFC 3464), also where a server sets them ill: recipients with action and verdict."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from channels_email.domain.bounce_choice import EXAMINED, Report, named_in
from channels_email.domain.bounce_mentions import ADDRESS
from channels_email.domain.bounce_verdict import ENHANCED, REPLY, verdict
from channels_email.domain.headers import Head, read_head
from channels_email.domain.mime import Part
from channels_email.domain.parsed import FailedRecipient

MAX_RECIPIENTS = 500
_BLOCKS = re.compile(rb"(?:\r?\n[ \t]*){2,}")
_AGAIN = re.compile(rb"\n(?=final-recipient:)", re.IGNORECASE)
_ANY_FIELD = re.compile(r"^(?:final|original)-recipient:", re.IGNORECASE | re.MULTILINE)
_OTHER_NETWORKS = ("x400", "x-", "system")
_CODE_POINT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_WRAPPED = re.compile(r"\bIMCEASMTP-([\w+.=-]{3,200})@", re.IGNORECASE)
_ENCAPSULATED = re.compile(r"\bIMCEA(?!SMTP)\w+-", re.IGNORECASE)
_ESCAPED = re.compile(r"\+([0-9A-Fa-f]{2})")
_GOOD = {"delivered", "relayed", "expanded"}


@dataclass(frozen=True, slots=True)
class Statuses:
    """`settled`: at least one recipient was served, and none is in `failed` for it. `delayed`: all are still tried."""

    failed: tuple[FailedRecipient, ...]
    settled: bool
    delayed: bool


def read_statuses(parts: Iterable[Part], text: str, report: Report) -> Statuses:
    """The statuses of all parts that have some; of `text` where a server wrote its fields as words. `report` is what
    else is known. A recipient who is still tried does not count beside one who failed.
    """
    contents = [
        part.content for part in parts if part.content_type.endswith("delivery-status") and part.content.strip()
    ]
    if not contents:
        parts = [part for part in parts if part.main_type == "text"]
        found = [part.content for part in parts if _ANY_FIELD.search(part.content[:EXAMINED].decode("latin-1"))]
        contents = found[:1] or (
            [text[:EXAMINED].encode("utf-8", "replace")] if _ANY_FIELD.search(text[:EXAMINED]) else []
        )
    failed: dict[str, FailedRecipient] = {}
    waiting: dict[str, FailedRecipient] = {}
    settled = False
    for status in _blocks(contents):
        action = status.text("action").lower().partition(" ")[0].strip(";,.")
        if _went_well(action, status.text("status").strip()):
            settled = settled or _names_somebody(status)
            continue
        recipient = _recipient(status, report)
        if recipient is None:
            continue
        (waiting if action == "delayed" else failed).setdefault(recipient.address.lower(), recipient)
        if len(failed) + len(waiting) >= MAX_RECIPIENTS:
            break
    told = tuple((failed or waiting).values())
    if len(told) == len(report.verp) == 1:
        told = (replace(told[0], address=report.verp[0]),)
    return Statuses(told, settled, delayed=bool(waiting) and not failed)


def _blocks(contents: Iterable[bytes]) -> Iterator[Head]:
    for content in contents:
        pieces = [piece for block in _BLOCKS.split(content.strip()) for piece in _apart(b"\n" + block.strip())]
        for piece in pieces[: MAX_RECIPIENTS + 2]:
            if piece.strip():
                yield read_head(piece.strip() + b"\n\n")


def _apart(block: bytes) -> list[bytes]:
    """The recipients of a block that lost the empty lines between them."""
    return _AGAIN.split(block) if len(_AGAIN.findall(block)) > 1 else [block]


def _went_well(action: str, status: str) -> bool:
    if action in _GOOD:
        return not status.startswith(("4", "5"))
    return status.startswith("2") and not action.startswith(("failed", "delayed", "expired"))


def _names_somebody(status: Head) -> bool:
    return status.has("final-recipient") or status.has("original-recipient")


def _recipient(status: Head, report: Report) -> FailedRecipient | None:
    # What the sender wrote (RFC 3464 section 2.3.1) before what servers made of it.
    fields = [status.text(name) for name in ("original-recipient", "final-recipient", "x-actual-recipient")]
    named = [address for field in fields if field and (address := _plain(field))]
    if not named:
        return None
    address = _known(named, report) or _mailable(fields, report) or _elsewhere(named, report)
    diagnostic = status.text("diagnostic-code")
    action = status.text("action").lower()
    listed = ENHANCED.search(status.text("status"))
    words = f"{diagnostic} {status.text('status').partition(' ')[2]}"
    if not REPLY.search(diagnostic) and not ENHANCED.search(diagnostic) and len(diagnostic) < 20:
        words = f"{words}\n{_beside(report.own_words, named)}"
    found = verdict(words, listed[1] if listed and listed[1][0] in "45" else "")
    passing = action.startswith(("delayed", "expired"))
    return FailedRecipient(
        address=address,
        status=found.status,
        permanent=found.permanent and not passing,
        diagnostic=diagnostic[:500],
    )


def _known(named: list[str], report: Report) -> str:
    """The sender knows the recipient by the address it wrote to; Final-Recipient may be what a server made of that."""
    addressed = {one.lower() for one in report.returned_to}
    bare = {one.lower() for one in named if "@" not in one}
    whole = (one for one in named if one.lower() in addressed)
    return next(whole, "") or next((one for one in report.returned_to if one.partition("@")[0].lower() in bare), "")


def _mailable(fields: list[str], report: Report) -> str:
    """An address of the Internet; never one that wrote the mail, which some servers name in place of its recipient."""
    found = (
        _plain(field)
        for field in fields
        if "@" in field and not field.lower().startswith(_OTHER_NETWORKS) and not _ENCAPSULATED.search(field)
    )
    return next((one for one in found if "@" in one and one.lower() not in report.wrote), "")


def _elsewhere(named: list[str], report: Report) -> str:
    """For one named in a foreign network or by a name alone: the returned mail's only recipient, or whom words name."""
    told = report.returned_to if len(report.returned_to) == 1 else named_in(report)
    spelled = next((one for one in named if "@" in one), named[0])
    return told[0] if len(told) == 1 else spelled


def _plain(named: str) -> str:
    r"""The address in a field, unwrapped: the code points of RFC 6533 (\x{F6}), Exchange's IMCEASMTP-a+40b+2Ecom@x."""
    value = _CODE_POINT.sub(lambda found: _letter(found[1]), named.partition(";")[2] or named)
    wrapped = _WRAPPED.search(value)
    if wrapped:
        value = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), wrapped[1])
    found = ADDRESS.search(value)
    return found[0] if found else value.strip(" <>\"'")


def _beside(prose: str, named: list[str]) -> str:
    low = prose.lower()
    at = next((at for address in named if (at := low.find(address.lower())) >= 0), -1)
    return prose[max(0, at - 100) : at + 600] if at >= 0 else ""


def _letter(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number <= sys.maxunicode else ""
