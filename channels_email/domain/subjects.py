"""What the prefix of a subject says: passed on, or answered."""

import re

from channels_email.domain import quote_words as words


def is_forward_subject(subject: str) -> bool:
    """Whether the outermost prefix of a subject says that the mail was passed on."""
    return _prefix(subject) in words.FORWARD_PREFIXES


def is_answer_subject(subject: str) -> bool:
    """Whether the outermost prefix of a subject says that the mail answers another one."""
    return _prefix(subject) in words.ANSWER_PREFIXES


def _prefix(subject: str) -> str:
    found, colon, _ = subject.strip().partition("：" if "：" in subject[:12] and ":" not in subject[:12] else ":")
    return re.sub(r"\s*[\[(]?\d{0,3}[\])]?$", "", found.strip().lower()) if colon else ""
