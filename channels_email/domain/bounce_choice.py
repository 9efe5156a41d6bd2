"""Whom a report means: of all addresses in its words those that did not get the mail."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email import message_from_bytes
from functools import lru_cache

from flufl.bounce import all_failures

from channels_email.domain import bounce_reason_words as reasons
from channels_email.domain import bounce_words as words
from channels_email.domain.bounce_mentions import ADDRESS, SURE, Mention, mentions, unserved

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it tells of each of its parsers, and of their errors

EXAMINED = 30_000  # bytes or characters of a report that are searched
MOST_LINES = 600
_LOCAL_PART = re.compile(r"^[\s*<'\"]*([\w.+-]{1,64})[>'\"]?\s*(?:\(|$)")
_SENTENCE_END = re.compile(r"[.!?]\s|[。！？]")
_GAPS = re.compile(rb"(?:\r?\n){3,}")


@dataclass(frozen=True, slots=True)
class Report:
    """What a report without standard parts is read from.

    `own_words`: without the mail that it returns. `wrote`: addresses of ours (and of the daemon) that stand in it and
    never are its recipients; `returned_to` are those of the mail that it returns, `verp` the one that the
    address we gave for reports names. `noted`: recipients that a header
    field names, `reporter` the address of the daemon. `warning`: the server only tells that it goes on trying.
    """

    raw: bytes
    own_words: str
    wrote: frozenset[str]
    returned_to: tuple[str, ...]
    verp: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    reporter: str = ""
    subject: str = ""
    warning: bool = False


def named_in(report: Report) -> list[str]:
    """Whom the words of a report name as recipients, in lower case."""
    lines = report.own_words.split("\n")[:MOST_LINES]
    found = _most_likely(mentions(lines, report.wrote), lines, report)
    return list(dict.fromkeys(mention.address.lower() for mention in found))


def meant(found: list[Mention], lines: list[str], report: Report) -> list[Mention]:
    """Those of `found` who failed: whom a header field names, else the words, else other places."""
    if report.noted:
        wanted = {address.lower() for address in report.noted}
        known = [mention for mention in found if mention.address.lower() in wanted]
        missing = wanted - {mention.address.lower() for mention in known}
        return [*known, *(Mention(address, -1, strength=2) for address in report.noted if address.lower() in missing)]
    chosen = _most_likely(found, lines, report)
    if report.verp and len({mention.address.lower() for mention in chosen}) == 1:
        return [replace(mention, address=report.verp[0]) for mention in chosen]
    return chosen or [Mention(address, -1, strength=2) for address in _elsewhere(lines, report)]


def _most_likely(found: list[Mention], lines: list[str], report: Report) -> list[Mention]:
    found = unserved(found, lines)
    addressed = {address.lower() for address in report.returned_to}
    strongest = max((mention.strength for mention in found), default=0)
    among = {mention.address.lower() for mention in found if mention.strength == strongest}
    sure = strongest >= SURE
    known = {one.address.lower() for one in found if not (sure and one.strength == 1)} & addressed
    if known and (strongest < SURE or (len(known) == 1 and not known & among)):
        among = known  # others named in a sentence are whom to ask, or to whom a server passed the mail on
    if strongest or known:
        return [mention for mention in found if mention.address.lower() in among]
    told = [mention for mention in found if says_failure(_sentence(mention, lines))]
    return told or [
        mention for mention in found if says_failure("\n".join(lines[max(0, mention.line - 2) : mention.line + 6]))
    ]


def _sentence(mention: Mention, lines: list[str]) -> str:
    """The words around an address in its own line, from full stop to full stop."""
    before, _, behind = lines[mention.line].partition(mention.address)
    return f"{_SENTENCE_END.split(before)[-1]} {mention.address} {_SENTENCE_END.split(behind)[0]}"


def _elsewhere(lines: list[str], report: Report) -> list[str]:
    """Recipients that the report's own words do not spell out."""
    known = {address.partition("@")[0].lower(): address for address in report.returned_to}
    spelled = [
        known[found[1].lower()] for line in lines if (found := _LOCAL_PART.match(line)) and found[1].lower() in known
    ]
    titled = [one for one in ADDRESS.findall(report.subject) if one.lower() not in report.wrote]
    if spelled or titled:
        return list(dict.fromkeys(spelled or titled))
    house = report.reporter.partition("@")[2]
    alone = [found[1] for line in _listed(lines) if (found := _LOCAL_PART.match(line))] if house else []
    if alone and not report.returned_to:
        return [f"{name}@{house}" for name in dict.fromkeys(alone)]
    by_pattern = [
        address
        for address in _patterns(report.raw)
        if address.lower() not in report.wrote
        and (not report.returned_to or address.lower() in {one.lower() for one in report.returned_to})
    ]
    return by_pattern or list(report.returned_to[:1] if len(report.returned_to) == 1 else ())


def _listed(lines: list[str]) -> list[str]:
    """The lines right below one that announces who was not reached."""
    for at, line in enumerate(lines):
        if line.rstrip().endswith(":") and words.NOT_DELIVERED.search(line.lower()):
            below = lines[at + 1 :]
            return below[: next((end for end, one in enumerate(below) if not one.strip()), len(below))]
    return []


@lru_cache(maxsize=64)
def says_failure(text: str) -> bool:
    """Remembered, as many addresses may stand in one sentence."""
    low = text.lower()
    return any(
        pattern.search(low) for pattern in (words.NOT_DELIVERED, reasons.UNKNOWN, reasons.FULL, reasons.LATER)
    ) or bool(re.search(r"\b[45]\.\d\.\d|\b[45]\d\d[ -]", low))


def _patterns(raw: bytes) -> list[str]:
    """All that flufl.bounce finds."""
    try:
        temporary, permanent = all_failures(message_from_bytes(_GAPS.sub(b"\n\n", raw[:EXAMINED])))
    except Exception:  # noqa: BLE001 - twenty foreign parsers over a stranger's bytes may raise anything
        return []
    return sorted(_readable([*permanent, *temporary]))


def _readable(addresses: Iterable[bytes]) -> set[str]:
    return {text for address in addresses if ADDRESS.fullmatch(text := address.decode("utf-8", "replace").strip("<> "))}
