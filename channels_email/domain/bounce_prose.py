"""Delivery reports without the standard's parts: recipients and verdicts out of what they say in words."""

import logging
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes

from flufl.bounce import all_failures

from channels_email.domain import automatic_words as words
from channels_email.domain.mime import Part
from channels_email.domain.parsed import FailedRecipient

logging.getLogger("flufl.bounce").setLevel(logging.WARNING)  # it announces each of its parsers for each mail

EXAMINED = 60_000  # bytes or characters of a report that are searched
ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-,;:)])")
ADDRESS = re.compile(r"[\w.+%'*/=?^`{|}~#&-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ORIGINAL_BELOW = re.compile(
    r"^.{0,40}(?:copy of (?:the|your) (?:original )?message|original message|original-?nachricht|below this line|"
    r"message headers? follow|returned message|unsent message|header of the (?:original )?message|---- ?end of|"
    r"message d'origine|原始邮件|原邮件).*$|^Received: |^Message-ID: ",
    re.IGNORECASE | re.MULTILINE,
)
DAEMON = re.compile("|".join(map(re.escape, words.REPORT_SENDERS)))
_UNKNOWN = re.compile("|".join(map(re.escape, words.UNKNOWN_RECIPIENT)))
_LATER = re.compile("|".join(map(re.escape, words.TRY_LATER)))


def failures_in_prose(raw: bytes, root: Part, text: str) -> Iterator[FailedRecipient]:
    """Recipients that a report names: in Exim's field, by flufl.bounce's patterns, else beside words of failure."""
    prose = _own_words(text)
    ours = {address.lower() for address in ADDRESS.findall(root.head.text("to") + " " + root.head.text("from"))}
    failed = root.head.text("x-failed-recipients")
    if failed:
        for address in ADDRESS.findall(failed):
            yield _judged(address, _near(prose, address))
        return
    temporary, permanent = _patterns(raw)
    for address in sorted(permanent | temporary):
        near = _near(prose, address)
        told = _judged(address, near)
        if not told.status and not _LATER.search(near.lower()):
            told = FailedRecipient(address, "", permanent=address in permanent, diagnostic=told.diagnostic)
        yield told
    if temporary or permanent:
        return
    for line_at, line in enumerate(lines := prose.split("\n")):
        for address in ADDRESS.findall(line[:1_000]):
            around = "\n".join(lines[max(0, line_at - 2) : line_at + 6])
            if address.lower() not in ours and not DAEMON.search(address.lower()) and _says_failure(around):
                yield _judged(address, around)


def _own_words(text: str) -> str:
    """The report without the mail that it returns."""
    text = text[:EXAMINED]
    below = next((found for found in _ORIGINAL_BELOW.finditer(text) if text[: found.start()].strip()), None)
    return text[: below.start()] if below else text


def _patterns(raw: bytes) -> tuple[set[str], set[str]]:
    """(temporary, permanent) by flufl.bounce."""
    try:
        temporary, permanent = all_failures(message_from_bytes(raw[:EXAMINED]))
    except Exception:  # noqa: BLE001 - twenty foreign parsers over a stranger's bytes may raise anything
        return set(), set()
    return _readable(temporary), _readable(permanent)


def _readable(addresses: Iterable[bytes]) -> set[str]:
    return {text for address in addresses if ADDRESS.fullmatch(text := address.decode("utf-8", "replace").strip("<> "))}


def _near(text: str, address: str) -> str:
    at = text.lower().find(address.lower())
    return text[max(0, at - 200) : at + 800] if at >= 0 else text[:2_000]


def _says_failure(text: str) -> bool:
    low = text.lower()
    return bool(ENHANCED.search(low) or _UNKNOWN.search(low) or _LATER.search(low))


def _judged(address: str, near: str) -> FailedRecipient:
    """Permanent or not, by the codes beside the address, else by the words."""
    low = near.lower()
    enhanced = next((code for code in ENHANCED.findall(near) if code[0] in "45"), "")
    reply = REPLY.search(near)
    code = enhanced or (f"{reply[1][0]}.0.0" if reply else "")
    permanent = code.startswith("5") if code else not _LATER.search(low) or "permanent error" in low
    return FailedRecipient(address=address, status=code, permanent=permanent, diagnostic=" ".join(near.split())[:500])
