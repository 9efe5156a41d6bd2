"""For good or for now? By a report's codes (RFC 3463, RFC 5321 section 4.2.1), and by its words where they say more.

Permanent is what RFC 3463 calls so: class 5. But what its sections describe as persistent transient failures (a full
mailbox, a full system, no answer, time over) passes, whatever class a server puts on it: the address is a good one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels_email.domain import bounce_reason_words as words

ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]|@)")
REPLY = re.compile(r"(?<![\d.@\w])([45][0-7]\d)(?=[ \-,;:)#<\"']|$)(?![ -]\d{2}[:.])", re.MULTILINE)
_FULL_CODES = re.compile(r"[45]\.2\.2$|[45]\.3\.1$")
_NETWORK_CODES = re.compile(r"5\.4\.[12357]$")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status` is an enhanced status code, '' when there is nothing to infer one from; `sure`: it was told."""

    status: str
    permanent: bool
    sure: bool = True


def verdict(near: str, status: str = "") -> Verdict:
    """What a piece of a report says of its recipient; `status` is the code that its standard field gives, if any."""
    low = near.lower()
    code = _code(near, status)
    full = bool(words.FULL.search(low))
    if not code:
        return _by_words(low, full=full)
    vague = code.endswith(".0.0")
    if code[0] == "4":
        return Verdict(code, permanent=False)
    if _FULL_CODES.search(code) or full:
        return Verdict("5.2.2" if vague and not status else code, permanent=False)
    unknown = bool(words.UNKNOWN.search(low))
    passing = bool(words.LATER.search(low)) and not unknown
    if vague and passing and not _replies_5xx(near):
        return Verdict(status or "4.4.7", permanent=False)
    if _NETWORK_CODES.search(code) and (passing or not (unknown or words.REFUSED.search(low))):
        return Verdict(code, permanent=False)
    return Verdict("5.1.1" if vague and unknown and not status else code, permanent=True)


def _code(near: str, status: str) -> str:
    """The most exact code: the field's, unless it says no more than its class and the words have a better one."""
    if status and not status.endswith(".0.0"):
        return status
    told = [code for code in ENHANCED.findall(near) if code[0] in "45"]
    exact = next((code for code in told if not code.endswith(".0.0")), "")
    if exact:
        return exact
    reply = REPLY.search(near)
    if reply and (not status or reply[1][0] == "4"):
        return f"{reply[1][0]}.0.0"
    return status or next(iter(told), "")


def _replies_5xx(near: str) -> bool:
    return any(reply.startswith("5") for reply in REPLY.findall(near))


def says_for_good(near: str) -> bool:
    """Whether a code of class 5 stands in these words."""
    return any(code.startswith("5") for code in (*REPLY.findall(near), *ENHANCED.findall(near)))


def _by_words(low: str, *, full: bool) -> Verdict:
    if full:
        return Verdict("5.2.2", permanent=False)
    if words.UNKNOWN.search(low):
        return Verdict("5.1.1", permanent=True)
    if words.LATER.search(low):
        return Verdict("4.4.7", permanent=False)
    refused = bool(words.REFUSED.search(low))
    return Verdict("", permanent=True, sure=refused)
