"""Reports on mail that we sent: not delivered, delayed, complained of, by the standards (RFC 3464, RFC 5965) or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from channels_email.domain import automatic_words, bounce_words
from channels_email.domain import bounce_reason_words as reasons
from channels_email.domain.bounce_choice import EXAMINED, Report
from channels_email.domain.bounce_fields import MAX_RECIPIENTS, read_statuses
from channels_email.domain.bounce_mentions import ADDRESS
from channels_email.domain.bounce_prose import failures, own_words, tells_of_success
from channels_email.domain.feedback import read_complaint
from channels_email.domain.headers import Head, read_head
from channels_email.domain.mime import Part
from channels_email.domain.parsed import Bounce

ENOUGH = 4  # points of likeness, see _likeness
_SUBJECT = re.compile("|".join(map(re.escape, automatic_words.REPORT_SUBJECTS)))
_DAEMON = re.compile("|".join(map(re.escape, automatic_words.REPORT_SENDERS)))
_ANSWER = re.compile(r"(?:re|aw|fwd?|wg|sv|tr|rv|vs|antw|odp|ynt|回复|转发|答复)\s*[:：]", re.IGNORECASE)
_VERP = re.compile(
    r"^(?!srs[01]|prvs=|btv1)(?:[^+=@]{1,64}\+|[\w.]{1,64}(?:-bounces?)?-)(?:\d{1,20}[+-]){0,3}"
    r"([\w.+-]{1,64})=([\w-]{1,63}(?:\.[\w-]{1,63})+)@",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Signs:
    daemon: bool
    titled: bool
    unanswerable: bool
    automatic: bool
    answers: bool
    bulk: bool


def read_bounce(
    raw: bytes, root: Part, *, author: str, subject: str, text: str, own: Callable[[], str]
) -> Bounce | None:
    """The report that a mail is, None for any other mail. `author` is its From (name and address), `text` its body,
    `own` makes the same without mails attached to it.

    By the standards first; without their parts by the header of Exim, by what the text says near an address and by the
    patterns of flufl.bounce. A report of successful delivery is none.
    """
    head = root.head
    signs = _signs(raw, head, author, subject)
    formal = root.content_type == "multipart/report"
    noted = _addresses(head, "x-failed-recipients")
    machine = signs.daemon or signs.unanswerable or signs.automatic
    parts = list(_every(root)) if formal or machine else list(root.leaves())
    complaint = read_complaint(parts, subject)
    if complaint is not None:
        return complaint
    possible = formal or noted or machine or signs.titled
    if not possible and not any(part.content_type.endswith("delivery-status") for part in parts):
        return None
    prose, below = own_words(own())
    original = _original(parts, below)
    to, verp = _addresses(original, "to", "cc"), _verp(head)
    ours = _addresses(head, "to", "from", "sender", "reply-to") + _addresses(
        original, "from", "reply-to", "return-path"
    )
    report = Report(
        raw=raw,
        own_words=prose,
        wrote=frozenset(one.lower() for one in ours),
        returned_to=to or verp,
        verp=verp,
        noted=noted,
        subject=subject,
        reporter=next(iter(_addresses(head, "from")), ""),
        warning=bool(bounce_words.WARNING.search(f"{subject}\n{prose[:3_000]}".lower())),
    )
    statuses = read_statuses(parts, text if machine else "", report)
    about = (_message_id(original, head, text), original.text("subject") if original else "")
    if statuses.failed:
        return Bounce(statuses.failed, *about, delayed=statuses.delayed)
    if statuses.settled or "disposition-notification" in head.text("content-type").lower():
        return None
    returned = original is not None or any(part.content_type == "message/rfc822" for part in parts)
    likeness = ENOUGH if noted else _likeness(signs, prose, returned=returned, formal=formal)
    if not noted and tells_of_success(f"{subject}\n{prose}"):
        likeness = 0
    recipients = tuple(failures(report)[:MAX_RECIPIENTS]) if likeness >= ENOUGH - 1 else ()
    if likeness + bool(recipients) < ENOUGH:
        return None
    return Bounce(recipients, *about, delayed=report.warning and not any(one.permanent for one in recipients))


def _signs(raw: bytes, head: Head, author: str, subject: str) -> _Signs:
    low, titles = author.lower(), subject.lower()
    return_path = head.raw("return-path").strip().lower() if head.has("return-path") else b"?"
    submitted = head.text("auto-submitted").lower()
    nobody = not return_path.strip(b"<>#@[] ") or b"mailer-daemon" in return_path or not head.raw("from").strip(b"<>@ ")
    return _Signs(
        daemon=bool(_DAEMON.search(low)) or "(failure)" in submitted or "(warning" in submitted,
        titled=bool(_SUBJECT.search(titles)) or bool(bounce_words.NOT_DELIVERED.search(titles)),
        unanswerable=nobody or raw[:20].lower().startswith((b"from mailer-daemon", b"from <>")),
        automatic=submitted.startswith("auto-"),
        answers=bool(_ANSWER.match(subject)) or head.has("in-reply-to"),
        bulk=head.has("list-unsubscribe") or head.has("list-id") or head.has("feedback-id"),
    )


def _likeness(signs: _Signs, prose: str, *, returned: bool, formal: bool) -> int:
    """How much a mail without standard fields looks like a report, in points; 0 for what certainly is none.

    A daemon's name (or a report's heading as the first line), a report's subject and a report's first words count two
    each; that nobody may answer, that a program sent it, that it returns a mail and that it names a reason count one.
    Without a daemon the words must stand at the very start.
    """
    daemon = signs.daemon or bool(bounce_words.HEADING.match(prose.lstrip()[:200]))
    start = (prose[:4_000] if daemon or formal else _beginning(prose)).lower()
    said = bool(bounce_words.NOT_DELIVERED.search(start))
    if signs.bulk and not (daemon and (signs.titled or said or returned)):
        return 0
    if signs.answers and not (daemon or formal or signs.unanswerable):
        return 0
    explained = not said and not signs.answers and bool(reasons.UNKNOWN.search(start) or reasons.FULL.search(start))
    trusted = daemon or signs.unanswerable or formal
    points = 2 * (daemon + signs.titled + said + formal) + signs.unanswerable + returned + (daemon and explained)
    return points if trusted or (signs.titled and said and returned and not signs.automatic) else 0


def _beginning(prose: str) -> str:
    return "\n".join([line for line in prose.split("\n")[:40] if line.strip()][:6])[:800]


def _every(root: Part) -> Iterator[Part]:
    """All leaves, also those of mails attached to a report."""
    for leaf in root.leaves():
        yield leaf
        for child in leaf.children:
            yield from child.leaves()


def _original(parts: Iterable[Part], below: str) -> Head | None:
    """The head of the mail reported on, wherever the report quotes it."""
    for part in parts:
        head = part.children[0].head if part.children else None
        if part.content_type in {"text/rfc822-headers", "message/rfc822-headers", "text/rfc822"}:
            head = read_head(part.content.strip() + b"\n\n")
        if head is not None and (head.has("message-id") or head.has("to") or head.has("subject")):
            return head
    quoted = re.sub(r"^[ \t>]+(?=[\w-]+:)", "", below.strip()[:EXAMINED], flags=re.MULTILINE)
    if re.match(r"[\w-]{2,40}:", quoted):
        head = read_head(quoted.encode("utf-8", "replace"))
        return head if any(head.has(name) for name in ("to", "subject", "message-id", "received")) else None
    return None


_MESSAGE_ID = re.compile(r"^[ \t>]*message-id:[ \t]*(?:\n[ \t]+)?<([^<>\s]{3,400})>", re.IGNORECASE | re.MULTILINE)


def _message_id(original: Head | None, head: Head, text: str) -> str:
    """Of the mail reported on: quoted, named in the report's own fields, or answered by it."""
    if original is not None and original.has("message-id"):
        return original.text("message-id").strip("<> ")
    found = _MESSAGE_ID.search(text[:EXAMINED])
    if found:
        return found[1]
    named = (head.text(name) for name in ("x-original-message-id", "in-reply-to", "references"))
    return next((one.split()[-1].strip("<>") for one in named if one.strip()), "")


def _addresses(head: Head | None, *names: str) -> tuple[str, ...]:
    if head is None:
        return ()
    found = [
        one
        for key, value in head.fields
        if key in names
        for one in ADDRESS.findall(value[:20_000].decode("utf-8", "replace"))
    ]
    return tuple(dict.fromkeys(found))[:MAX_RECIPIENTS]


def _verp(head: Head) -> tuple[str, ...]:
    """The recipient that the address of the report's addressee names: bounces+carla=mail.example@shop.example."""
    found = next(
        (found for one in _addresses(head, "to", "delivered-to", "x-original-to") if (found := _VERP.search(one))), None
    )
    return (f"{found[1]}@{found[2]}",) if found else ()
