"""Where a report names recipients: every address in its words, and how much its place speaks for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from channels_email.domain import bounce_words as words

ADDRESS = re.compile(
    r"(?:\"(?:[^\"\\\r\n]|\\.){1,64}\"|[\w.+%'*/=?^`{|}~#&!$-]{1,64})@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
)
_LEADING = re.compile(r"^[\s>|*+=.#\-–•'\"(\[<]*(?:smtp:|rfc822;\s?)?$", re.IGNORECASE)
_COMMAND = re.compile(r"rcpt to:\s*<?\s*$|to:\s?<\s*$|\[smtp:\s*$", re.IGNORECASE)
_REPLIED = re.compile(r"\s*(?:<<<\s*)?[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3}\s+)?<$")  # before "<a@b>... no such user"
_ADDRESSED = re.compile(r"\s*(?:to|an|à|para|e-?mail|mail)\s*[:：]", re.IGNORECASE)
_FORMER = re.compile(r"\s*original\b", re.IGNORECASE)  # of one who is named by another address too
_PLAUSIBLE = re.compile(r"\"?\w[^@]*@\w")
_OFFICE = re.compile(r"(?:postmaster|mailer-daemon|hostmaster|abuse|no-?reply)@", re.IGNORECASE)  # where to turn to
SURE = 2
_EDGES = "'\"`*=.|<>"
_NEXT = re.compile(r"\S+?@\S+?[>'\"]?(?:\s*(?:[,;&]|and|und|et|y|e)\s*[<'\"]?|\s+<)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """`strength`: 2 at the start of its line or behind a word for recipients, 1 behind a mere "to", 0 in a sentence."""

    address: str
    line: int
    strength: int


def mentions(lines: Sequence[str], wrote: Collection[str]) -> list[Mention]:
    """All addresses in these lines that may be recipients, in order; those in `wrote` are known to be none."""
    found: list[Mention] = []
    previous = ""
    for at, line in enumerate(lines):
        for match in ADDRESS.finditer("" if _is_headline(line) else line[:1_000]):
            address, before = _bare(match[0]), line[max(0, match.start() - 120) : match.start()]
            if not _PLAUSIBLE.match(address) or address.lower() in wrote or _OFFICE.match(address):
                continue
            label = words.LABEL.search(before) or _COMMAND.search(before)
            above = lines[at - 1][-120:] if at and _LEADING.match(before) else ""
            if not label and words.NO_RECIPIENT.search(f"{above} {before}"):
                continue
            if words.ASKED.match(line[match.end() : match.end() + 40]):
                continue
            leading = bool(_LEADING.match(before)) and not _goes_on(line, match.end())
            leading = leading or (bool(_REPLIED.match(before)) and line[match.end() :].startswith(">..."))
            follows = not before.strip() and bool(words.LABEL.search(previous[-120:]))
            named = label is not None and _ADDRESSED.match(label[0]) is None and not _FORMER.match(label[0])
            strength = 2 if leading or follows or named else int(label is not None)
            if found and found[-1].line == at and _NEXT.fullmatch(before[before.rfind(found[-1].address) :]):
                strength = found[-1].strength
            found.append(Mention(address, at, strength))
        previous = line if line.strip() else previous
    return found


def unserved(found: list[Mention], lines: Sequence[str]) -> list[Mention]:
    """Those of whom the report does not say that they got the mail, nor, beside others, that they may still get it.

    It says so behind the address, or in the line that stands above the list of such addresses.
    """
    fates: dict[str, str] = {}
    for mention in found:
        fates[mention.address.lower()] = fates.get(mention.address.lower()) or _fate(mention, lines)
    tried = {"", "late"} if all(fates.values()) else {""}
    return [mention for mention in found if fates[mention.address.lower()] in tried]


def _fate(mention: Mention, lines: Sequence[str]) -> str:
    line = lines[mention.line].lower()
    before, _, behind = line.partition(mention.address.lower())
    if words.SERVED.match(behind) and not words.NEGATION.search(before[-80:]):
        return "arrived"
    for above in reversed(lines[max(0, mention.line - 8) : mention.line]):
        low, deeper = above.lower(), _indent(above) > _indent(line)
        if not low.strip() or ADDRESS.search(low) or (deeper and "---" not in low):
            continue
        if says_arrived(low):
            return "arrived"
        return "late" if words.STILL_TRIED.search(low) else ""
    return ""


def says_arrived(text: str) -> bool:
    """Whether these words, in lower case, tell of mail that arrived: without a "not" in front of that or in it."""
    found = words.DELIVERED.search(text)
    if not found or words.NOT_DELIVERED.search(text):
        return False
    return not words.NEGATION.search(text[max(0, found.start() - 40) : found.end() + 20])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _bare(found: str) -> str:
    return found if found.startswith('"') else found.strip(_EDGES)


def _goes_on(line: str, end: int) -> bool:
    """Whether a sentence continues behind an address that stands at the start of a line by chance."""
    return bool(re.match(r"\s+(?:or|and|for (?:help|more|further|assist))\b", line[end : end + 30], re.IGNORECASE))


def _is_headline(line: str) -> bool:
    return bool(
        re.match(
            r"\s*(?:from|sender|reply-to|return-path|message-id|in-reply-to|references|x-[\w-]+)\s*:",
            line,
            re.IGNORECASE,
        )
    )
