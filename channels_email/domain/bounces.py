"""Reports on mail that we sent: not delivered, delayed, complained of, by the standards (RFC 3464, RFC 5965) or not."""

import re
from collections.abc import Iterable, Iterator

from channels_email.domain import automatic_words as words
from channels_email.domain.bounce_prose import ADDRESS, DAEMON, ENHANCED, EXAMINED, REPLY, failures_in_prose
from channels_email.domain.headers import Head, read_head
from channels_email.domain.mime import Part
from channels_email.domain.parsed import Bounce, FailedRecipient

MAX_RECIPIENTS = 500
_BLOCKS = re.compile(rb"(?:\r?\n[ \t]*){2,}")
_MESSAGE_ID = re.compile(r"^[ \t>]*Message-ID:[ \t]*(?:\n[ \t]+)?<([^<>\s]{3,400})>", re.IGNORECASE | re.MULTILINE)
_SUBJECT = re.compile("|".join(map(re.escape, words.REPORT_SUBJECTS)))
_ANSWER = re.compile(r"(?:re|aw|fwd?|wg|sv|tr|rv)\s*:", re.IGNORECASE)


def read_bounce(raw: bytes, root: Part, *, author: str, subject: str, text: str) -> Bounce | None:
    """The report that a mail is, None for any other mail. `author` is its From (name and address), `text` its body.

    By the standards first; without their parts by the header of Exim, by the patterns of flufl.bounce and by what the
    text says near an address. A report of successful delivery is none.
    """
    titled = bool(_SUBJECT.search(subject.lower()))
    machine = bool(DAEMON.search(author.lower())) or _wants_no_answer(root.head)
    formal = root.content_type == "multipart/report"
    parts = list(_every(root)) if formal or machine else list(root.leaves())
    complaint = _complaint(parts)
    if complaint is not None:
        return complaint
    reported, settled = _reported(parts, text if machine else "")
    original_id, original_subject = _original(parts, text)
    if reported:
        delayed = all(action == "delayed" for action, _ in reported)
        recipients = _distinct(recipient for _, recipient in reported)
        return Bounce(recipients, original_id, original_subject, delayed=delayed)
    if settled or not _suspicious(root.head, subject, titled=titled, machine=machine):
        return None
    recipients = _distinct(failures_in_prose(raw, root, text))
    if not recipients and not (titled and machine):
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
        recipients = [found[0] for one in recipients if (found := ADDRESS.search(one))]
        original = next((leaf.children[0].head for leaf in parts if leaf.children), None)
        if not recipients and original is not None:
            recipients = ADDRESS.findall(original.text("to"))[:MAX_RECIPIENTS]
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
        contents = [text[:EXAMINED].encode("utf-8", "replace")]
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
    listed = ENHANCED.search(status.text("status"))
    code = listed[1] if listed else ""
    told = ENHANCED.search(diagnostic)
    if told and told[1][0] in "45" and (not code or code.endswith(".0.0")):
        code = told[1]
    if not code and (reply := REPLY.search(diagnostic)):
        code = f"{reply[1][0]}.0.0"
    others = (status.text("original-recipient"), status.text("x-actual-recipient"))
    candidates = [_plain_address(one) for one in (named, *others) if one]
    address = next((one for one in candidates if "@" in one), candidates[0])
    permanent = not code.startswith("4") and status.text("action").lower() != "delayed"
    return FailedRecipient(address=address, status=code, permanent=permanent, diagnostic=diagnostic[:500])


def _plain_address(named: str) -> str:
    value = named.partition(";")[2] or named
    found = ADDRESS.search(value)
    return found[0] if found else value.strip(" <>\"'")


def _wants_no_answer(head: Head) -> bool:
    return head.raw("return-path").strip() == b"<>" or head.text("auto-submitted").lower().startswith("auto-")


def _suspicious(head: Head, subject: str, *, titled: bool, machine: bool) -> bool:
    """Whether a mail could be a report at all: a daemon wrote it, or its subject says so and answers nothing."""
    if head.has("x-failed-recipients"):
        return True
    answers = head.has("in-reply-to") or bool(_ANSWER.match(subject))
    return (machine and (titled or not answers)) or (titled and not answers)


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
    found = _MESSAGE_ID.search(text[:EXAMINED])
    return (found[1] if found else ""), ""


def _distinct(recipients: Iterable[FailedRecipient]) -> tuple[FailedRecipient, ...]:
    by_address: dict[str, FailedRecipient] = {}
    for recipient in recipients:
        by_address.setdefault(recipient.address.lower(), recipient)
        if len(by_address) >= MAX_RECIPIENTS:
            break
    return tuple(by_address.values())
