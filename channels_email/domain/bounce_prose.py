"""Delivery reports without the standard's parts: recipients and verdicts out of what they say in words."""

from __future__ import annotations

import re

from channels_email.domain import bounce_reason_words as reasons
from channels_email.domain import bounce_words as words
from channels_email.domain.bounce_choice import EXAMINED, MOST_LINES, Report, meant, says_failure
from channels_email.domain.bounce_mentions import Mention, mentions, says_arrived
from channels_email.domain.bounce_verdict import Verdict, says_for_good, verdict
from channels_email.domain.parsed import FailedRecipient

_BROKEN = re.compile(r"([\w.+-]{1,64}@)\n[ \t]+([\w-]+\.)")


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
    return says_arrived(text.lower()) and not says_failure(text)


def failures(report: Report) -> list[FailedRecipient]:
    """The recipients that a report names: in a header field, line by line, beside words of failure, else by the
    patterns of flufl.bounce, else the only one to whom the returned mail went.
    """
    lines = report.own_words.split("\n")[:MOST_LINES]
    chosen = meant(mentions(lines, report.wrote), lines, report)
    named = list(dict.fromkeys(mention.address.lower() for mention in chosen))
    return [_told(address, chosen, lines, report) for address in named]


def _told(address: str, chosen: list[Mention], lines: list[str], report: Report) -> FailedRecipient:
    near = _near(address, chosen, lines)
    found = verdict(near) if near else Verdict("", permanent=True, sure=False)
    if not found.permanent and _unknown_at_once(address, chosen, lines):
        found = Verdict("5.1.1", permanent=True)  # what follows may explain all the reasons there can be
    if not found.sure:
        alone = all(mention.address.lower() == address for mention in chosen)
        found = verdict(report.own_words if alone else _introduction(chosen, lines))
        near = near if near.strip() else report.own_words
    if report.warning and (found.permanent or not found.status) and not says_for_good(near):
        found = Verdict(found.status if found.status[:1] == "4" else "4.0.0", permanent=False)
    shown = next((mention.address for mention in chosen if mention.address.lower() == address), address)
    return FailedRecipient(shown, found.status, permanent=found.permanent, diagnostic=" ".join(near.split())[:500])


def _unknown_at_once(address: str, chosen: list[Mention], lines: list[str]) -> bool:
    """Whether the very line of an address says that there is nobody there."""
    own = " ".join(lines[one.line] for one in chosen if one.line >= 0 and one.address.lower() == address).lower()
    return bool(reasons.UNKNOWN.search(own)) and not (reasons.FULL.search(own) or reasons.LATER.search(own))


def _introduction(chosen: list[Mention], lines: list[str]) -> str:
    """What a report on several recipients says before it names the first: it concerns all of them."""
    first = min((mention.line for mention in chosen if mention.line >= 0), default=len(lines))
    return "\n".join(lines[:first])


def _near(address: str, chosen: list[Mention], lines: list[str]) -> str:
    """The lines that speak of one recipient: from each mention of it to that of another, and the words before it in
    the same paragraph; each line once.
    """
    others = {mention.line for mention in chosen if mention.address.lower() != address}
    near: dict[int, None] = {}
    for mention in chosen:
        if mention.address.lower() != address or mention.line < 0:
            continue
        begin = mention.line
        while begin > 0 and mention.line - begin < 3 and lines[begin - 1].strip() and begin - 1 not in others:
            begin -= 1
        end = mention.line + 1
        while end < len(lines) and end - mention.line < 12 and end not in others:
            end += 1
        explained = others and any(line.strip() for line in lines[mention.line + 1 : end])
        near.update(dict.fromkeys(range(mention.line if explained else begin, end)))
    return "\n".join(lines[number] for number in near)[:4_000]
