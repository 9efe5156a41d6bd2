"""Reports on mail that we sent: not delivered, delayed, complained of, by the standards (RFC 3464, RFC 5965) or not."""

import logging
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes

from flufl.bounce import all_failures

from channels_email.domain import automatic_words as words
from channels_email.domain.headers import Head, read_head
from channels_email.domain.mime import Part
from channels_email.domain.parsed import Bounce, FailedRecipient

logging.getLogger("flufl.bounce").setLevel(logging.WARNING)  # it announces each of its parsers for each mail

MAX_RECIPIENTS = 500
_EXAMINED = 60_000  # bytes or characters of a report that are searched
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-,;:)])")
_ADDRESS = re.compile(r"[\w.+%'*/=?^`{|}~#&-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_BLOCKS = re.compile(rb"(?:\r?\n[ \t]*){2,}")
_ORIGINAL_BELOW = re.compile(
    r"^.{0,40}(?:copy of (?:the|your) (?:original )?message|original message|original-?nachricht|below this line|"
    r"message headers? follow|returned message|unsent message|header of the (?:original )?message|---- ?end of|"
    r"message d'origine|原始邮件|原邮件).*$|^Received: |^Message-ID: ",
    re.IGNORECASE | re.MULTILINE,
)
_MESSAGE_ID = re.compile(r"^[ \t>]*Message-ID:[ \t]*(?:\n[ \t]+)?<([^<>\s]{3,400})>", re.IGNORECASE | re.MULTILINE)
_DAEMON = re.compile("|".join(map(re.escape, words.REPORT_SENDERS)))
_SUBJECT = re.compile("|".join(map(re.escape, words.REPORT_SUBJECTS)))
_UNKNOWN = re.compile("|".join(map(re.escape, words.UNKNOWN_RECIPIENT)))
_LATER = re.compile("|".join(map(re.escape, words.TRY_LATER)))


def read_bounce(raw: bytes, root: Part, *, author: str, subject: str, text: str) -> Bounce | None:
    """The report that a mail is, None for any other mail. `author` is its From (name and address), `text` its body.

    By the standards first; without their parts by the header of Exim, by the patterns of flufl.bounce and by what the
    text says near an address. A report of successful delivery is none.
    """
    parts = list(_every(root))
    complaint = _complaint(parts)
    if complaint is not None:
        return complaint
    reported, settled = _reported(parts, text)
    original_id, original_subject = _original(parts, text)
    if reported:
        delayed = all(action == "delayed" for action, _ in reported)
        recipients = _distinct(recipient for _, recipient in reported)
        return Bounce(recipients, original_id, original_subject, delayed=delayed)
    if settled or not _suspicious(root.head, author, subject):
        return None
    recipients = _distinct(_told(raw, root, text))
    titled = bool(_SUBJECT.search(subject.lower()))
    if not recipients and not titled:
        return None
    delayed = (
        bool(recipients) and not any(recipient.permanent for recipient in recipients) and _only_delayed(subject, text)
    )
    return Bounce(recipients, original_id, original_subject, delayed=delayed)


def _every(root: Part) -> Iterator[Part]:
    """All leaves, also those of mails attached to a report."""
    for leaf in root.leaves():
        yield leaf
        for child in leaf.children:
            yield from child.leaves()


def _complaint(parts: Iterable[Part]) -> Bounce | None:
    """A feedback report (ARF)."""
    parts = list(parts)
    for part in parts:
        if part.content_type != "message/feedback-report":
            continue
        report = read_head(part.content.strip() + b"\n\n")
        recipients = [report.text("original-rcpt-to") or report.text("removal-recipient")]
        recipients = [found[0] for one in recipients if (found := _ADDRESS.search(one))]
        original = next((leaf.children[0].head for leaf in parts if leaf.children), None)
        if not recipients and original is not None:
            recipients = _ADDRESS.findall(original.text("to"))[:MAX_RECIPIENTS]
        original_id, original_subject = _original(parts, "")
        failed = tuple(
            FailedRecipient(address=one, status="", permanent=True, diagnostic="complaint") for one in recipients
        )
        return Bounce(failed, original_id, original_subject, complaint=True)
    return None


def _reported(parts: Iterable[Part], text: str) -> tuple[list[tuple[str, FailedRecipient]], bool]:
    """(action, recipient) of every delivery status, and whether one reports something else (delivered, relayed)."""
    found: list[tuple[str, FailedRecipient]] = []
    settled = False
    contents = [part.content for part in parts if part.content_type.endswith("delivery-status")]
    if not contents and re.search(r"^Final-Recipient:", text, re.IGNORECASE | re.MULTILINE):
        contents = [text[:_EXAMINED].encode("utf-8", "replace")]
    for content in contents:
        for block in _BLOCKS.split(content)[: MAX_RECIPIENTS + 2]:
            status = read_head(block.strip() + b"\n\n")
            named = status.text("final-recipient") or status.text("original-recipient")
            if not named:
                continue
            action = status.text("action").lower().partition(" ")[0]
            recipient = _recipient(status, named)
            if action in {"delivered", "relayed", "expanded"} and not recipient.status.startswith(("4", "5")):
                settled = True
            else:
                found.append((action or "failed", recipient))
    return found, settled


def _recipient(status: Head, named: str) -> FailedRecipient:
    diagnostic = status.text("diagnostic-code")
    listed = _ENHANCED.search(status.text("status"))
    code = listed[1] if listed else ""
    told = _ENHANCED.search(diagnostic)
    if told and told[1][0] in "45" and (not code or code.endswith(".0.0")):
        code = told[1]
    if not code and (reply := _REPLY.search(diagnostic)):
        code = f"{reply[1][0]}.0.0"
    address = _plain_address(named) or _plain_address(status.text("original-recipient"))
    permanent = not code.startswith("4") and status.text("action").lower() != "delayed"
    return FailedRecipient(address=address, status=code, permanent=permanent, diagnostic=diagnostic[:500])


def _plain_address(named: str) -> str:
    value = named.partition(";")[2] or named
    found = _ADDRESS.search(value)
    return found[0] if found else value.strip(" <>\"'")


def _suspicious(head: Head, author: str, subject: str) -> bool:
    """Whether a mail could be a report at all: a daemon wrote it, or its subject says so and it wants no answer."""
    if head.has("x-failed-recipients"):
        return True
    daemon = bool(_DAEMON.search(author.lower()))
    titled = bool(_SUBJECT.search(subject.lower()))
    nobody = head.raw("return-path").strip() == b"<>" or head.text("auto-submitted").lower().startswith("auto-")
    return (daemon and (titled or nobody or not head.has("in-reply-to"))) or (
        titled and (nobody or not re.match(r"(?i)(?:re|aw|fwd?|wg|sv|tr)\s*:", subject))
    )


def _told(raw: bytes, root: Part, text: str) -> Iterator[FailedRecipient]:
    """Recipients that a report names without the standard's parts."""
    words_of_it = _own_words(text)
    ours = {address.lower() for address in _ADDRESS.findall(root.head.text("to") + " " + root.head.text("from"))}
    failed = root.head.text("x-failed-recipients")
    if failed:
        for address in _ADDRESS.findall(failed):
            yield _judged(address, _near(words_of_it, address))
        return
    temporary, permanent = _patterns(raw)
    for address in sorted(permanent | temporary):
        near = _near(words_of_it, address)
        told = _judged(address, near)
        certain = bool(told.status) or bool(_LATER.search(near.lower()))
        yield (
            told
            if certain
            else FailedRecipient(address, "", permanent=address in permanent, diagnostic=near.strip()[:500])
        )
    if temporary or permanent:
        return
    for line_at, line in enumerate(lines := words_of_it.split("\n")):
        for address in _ADDRESS.findall(line[:1_000]):
            around = "\n".join(lines[max(0, line_at - 2) : line_at + 6])
            if address.lower() not in ours and not _DAEMON.search(address.lower()) and _says_failure(around):
                yield _judged(address, around)


def _own_words(text: str) -> str:
    """The report without the mail that it returns."""
    text = text[:_EXAMINED]
    below = next((found for found in _ORIGINAL_BELOW.finditer(text) if text[: found.start()].strip()), None)
    return text[: below.start()] if below else text


def _patterns(raw: bytes) -> tuple[set[str], set[str]]:
    """(temporary, permanent) by flufl.bounce."""
    try:
        temporary, permanent = all_failures(message_from_bytes(raw[:_EXAMINED]))
    except Exception:  # noqa: BLE001 - twenty foreign parsers over a stranger's bytes: whatever they raise, they know nothing
        return set(), set()
    return _readable(temporary), _readable(permanent)


def _readable(addresses: Iterable[bytes]) -> set[str]:
    return {
        text for address in addresses if _ADDRESS.fullmatch(text := address.decode("utf-8", "replace").strip("<> "))
    }


def _near(text: str, address: str) -> str:
    at = text.lower().find(address.lower())
    return text[max(0, at - 200) : at + 800] if at >= 0 else text[:2_000]


def _says_failure(text: str) -> bool:
    low = text.lower()
    return bool(_ENHANCED.search(low) or _UNKNOWN.search(low) or _LATER.search(low))


def _judged(address: str, near: str) -> FailedRecipient:
    """Permanent or not, by the codes beside the address, else by the words."""
    low = near.lower()
    enhanced = next((code for code in _ENHANCED.findall(near) if code[0] in "45"), "")
    reply = _REPLY.search(near)
    code = enhanced or (f"{reply[1][0]}.0.0" if reply else "")
    permanent = (
        code.startswith("5") if code else not _LATER.search(low) or bool(_UNKNOWN.search(low) and "full" not in low)
    )
    return FailedRecipient(address=address, status=code, permanent=permanent, diagnostic=" ".join(near.split())[:500])


def _only_delayed(subject: str, text: str) -> bool:
    low = f"{subject} {text[:3_000]}".lower()
    return any(
        sign in low
        for sign in ("delayed", "warning", "still trying", "will keep trying", "not yet been delivered", "verzögert")
    )


def _original(parts: Iterable[Part], text: str) -> tuple[str, str]:
    """Message-ID and subject of the mail reported on."""
    for part in parts:
        head = part.children[0].head if part.children else None
        if part.content_type in {"text/rfc822-headers", "message/rfc822-headers"}:
            head = read_head(part.content)
        if head is not None and head.has("message-id"):
            return head.text("message-id").strip("<> "), head.text("subject")
    found = _MESSAGE_ID.search(text[:_EXAMINED])
    return (found[1] if found else ""), ""


def _distinct(recipients: Iterable[FailedRecipient]) -> tuple[FailedRecipient, ...]:
    by_address: dict[str, FailedRecipient] = {}
    for recipient in recipients:
        by_address.setdefault(recipient.address.lower(), recipient)
        if len(by_address) >= MAX_RECIPIENTS:
            break
    return tuple(by_address.values())
