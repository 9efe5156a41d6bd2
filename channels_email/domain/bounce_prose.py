"""Delivery reports without the standard's parts: recipients and verdicts out of what they say in words."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email import message_from_bytes

from flufl.bounce import all_failures

from channels_email.domain import bounce_reason_words as reasons
from channels_email.domain import bounce_words as words
from channels_email.domain.bounce_mentions import ADDRESS, SURE, Mention, mentions, says_arrived, unserved
from channels_email.domain.bounce_verdict import Verdict, says_for_good, verdict
from channels_email.domain.parsed import FailedRecipient

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it tells of each of its parsers, and of their errors

EXAMINED = 30_000  # bytes or characters of a report that are searched
MOST_LINES = 600
_LOCAL_PART = re.compile(r"^[\s*<'\"]*([\w.+-]{1,64})[>'\"]?\s*(?:\(|$)")
_BROKEN = re.compile(r"([\w.+-]{1,64}@)\n[ \t]+([\w-]+\.)")
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
    warning: bool = False


def own_words(text: str) -> tuple[str, str]:
    """(the report itself, the mail that it returns within its text)."""
    text = text[:EXAMINED]
    for found in words.ORIGINAL_BELOW.finditer(text):
        if text[: found.start()].strip():
            cut = found.start() if found["field"] else found.end()
            return _joined(text[: found.start()]), text[cut:]
    return _joined(text), ""


def _joined(text: str) -> str:
    """With addresses in one piece that a line's end broke at their @."""
    return _BROKEN.sub(r"\1\2", text)


def tells_of_success(text: str) -> bool:
    """Whether a report says that a mail arrived, and nothing of one that did not."""
    return says_arrived(text.lower()) and not _says_failure(text)


def named_in(report: Report) -> list[str]:
    """Whom the words of a report name as recipients, in lower case."""
    lines = report.own_words.split("\n")[:MOST_LINES]
    found = _most_likely(mentions(lines, report.wrote), lines, report)
    return list(dict.fromkeys(mention.address.lower() for mention in found))


def failures(report: Report) -> list[FailedRecipient]:
    """The recipients that a report names: in a header field, line by line, beside words of failure, else by the
    patterns of flufl.bounce, else the only one to whom the returned mail went.
    """
    lines = report.own_words.split("\n")[:MOST_LINES]
    chosen = _chosen(mentions(lines, report.wrote), lines, report)
    named = list(dict.fromkeys(mention.address.lower() for mention in chosen))
    return [_told(address, chosen, lines, report) for address in named]


def _chosen(found: list[Mention], lines: list[str], report: Report) -> list[Mention]:
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
    known = {mention.address.lower() for mention in found} & addressed
    if known and (strongest < SURE or (len(known) == 1 and not known & among)):
        among = known  # others named in a sentence are whom to ask, or to whom a server passed the mail on
    if strongest or known:
        return [mention for mention in found if mention.address.lower() in among]
    told = [mention for mention in found if _says_failure(_sentence(mention, lines))]
    return told or [
        mention for mention in found if _says_failure("\n".join(lines[max(0, mention.line - 2) : mention.line + 6]))
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
    if spelled:
        return list(dict.fromkeys(spelled))
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


def _told(address: str, chosen: list[Mention], lines: list[str], report: Report) -> FailedRecipient:
    near = _near(address, chosen, lines)
    found = verdict(near) if near else Verdict("", permanent=True, sure=False)
    if not found.sure:
        alone = all(mention.address.lower() == address for mention in chosen)
        found = verdict(report.own_words if alone else _introduction(chosen, lines))
        near = near if near.strip() else report.own_words
    if report.warning and (found.permanent or not found.status) and not says_for_good(near):
        found = Verdict(found.status if found.status[:1] == "4" else "4.0.0", permanent=False)
    shown = next((mention.address for mention in chosen if mention.address.lower() == address), address)
    return FailedRecipient(shown, found.status, permanent=found.permanent, diagnostic=" ".join(near.split())[:500])


def _introduction(chosen: list[Mention], lines: list[str]) -> str:
    """What a report on several recipients says before it names the first: it concerns all of them."""
    first = min((mention.line for mention in chosen if mention.line >= 0), default=len(lines))
    return "\n".join(lines[:first])


def _near(address: str, chosen: list[Mention], lines: list[str]) -> str:
    """The lines that speak of one recipient: from each mention of it to that of another, and the words before it in
    the same paragraph.
    """
    others = {mention.line for mention in chosen if mention.address.lower() != address}
    pieces: list[str] = []
    for mention in chosen:
        if mention.address.lower() != address or mention.line < 0:
            continue
        begin = mention.line
        while begin > 0 and mention.line - begin < 3 and lines[begin - 1].strip() and begin - 1 not in others:
            begin -= 1
        end = mention.line + 1
        while end < len(lines) and end - mention.line < 12 and end not in others:
            end += 1
        own = lines[mention.line : end]
        pieces += own if others and any(line.strip() for line in own[1:]) else lines[begin:end]
    return "\n".join(pieces)[:4_000]


def _says_failure(text: str) -> bool:
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
