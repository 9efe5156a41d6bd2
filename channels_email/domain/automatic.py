"""Was it written by a person? (RFC 3834, and the marks of the many responders that do not know it.)"""

import re

from channels_email.domain import automatic_words as words
from channels_email.domain.headers import Head

_RESPONDER_FIELDS = (
    "x-autoreply", "x-autorespond", "x-autoreply-from", "x-autoresponder", "x-mail-autoreply", "x-auto-reply",
    "x-vacation", "x-autoresponse", "x-oof-reply", "x-cron-autoreply", "autoresponder", "x-amazon-auto-reply",
    "x-ebay-mailtracker-autoreply",
)  # fmt: skip
_RESPONDER_SUBJECT = re.compile(
    r"(?:\[[^\]]{1,40}\]\s*)?(?:"
    + "|".join(map(re.escape, words.RESPONDER_SUBJECTS))
    + r")\s*(?:$|[:：;!\-–—(\[【<]|re\b|aw\b|sv\b|auto)"
)
_NOBODY = re.compile(
    r"(?:do[-_.]?)?(?:not?[-_.]?|nicht[-_.]?)(?:reply|antworten)|ne[-_.]?pas[-_.]?repondre|no[-_.]?responder|robot|automat"
)


def is_responder(head: Head, subject: str) -> bool:
    """A program answered a mail of ours: vacation notice, receipt for reading, "we have received your mail"."""
    submitted = head.text("auto-submitted").lower()
    if submitted.startswith("auto-replied"):
        return True
    if submitted.startswith("no"):
        return False
    if _marked_by_a_responder(head) or _RESPONDER_SUBJECT.match(subject.lower().strip()):
        return True
    answers = head.has("in-reply-to") or head.has("references")
    generated = submitted.startswith("auto-") and head.has("x-auto-response-suppress")
    return answers and (generated or head.raw("return-path").strip() == b"<>")


def _marked_by_a_responder(head: Head) -> bool:
    """Fields of responders, the classes of Lotus and FirstClass, and receipts for reading (RFC 8098)."""
    return (
        any(head.has(name) and head.text(name).lower() not in {"no", "none", "0"} for name in _RESPONDER_FIELDS)
        or "auto_reply" in {head.text(name).lower() for name in ("precedence", "x-precedence", "preference")}
        or head.text("x-post-messageclass").startswith("9")
        or head.text("delivered-to").lower() == "autoresponder"
        or "disposition-notification" in head.text("content-type").lower()
    )


def is_automatic(head: Head, author: str) -> bool:
    """Nobody waits for an answer: a robot, a list or a bulk mailer sent it, whatever it says."""
    submitted = head.text("auto-submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if head.text("precedence").lower() in {"bulk", "junk", "list", "auto_reply"}:
        return True
    if (
        any(name.startswith("list-") for name, _ in head.fields)
        or head.has("feedback-id")
        or head.has("x-mailing-list")
    ):
        return True
    suppressed = head.text("x-auto-response-suppress").lower()
    if suppressed and suppressed != "none":
        return True
    if head.raw("return-path").strip() == b"<>" or head.has("x-loop") or head.text("x-fc-machinegenerated") == "true":
        return True
    return bool(_NOBODY.match(author.partition("@")[0].lower()))
