"""Where somebody's own words end and the signature begins."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from channels_email.domain.closings import is_closing
from channels_email.domain.footers import footer_start
from channels_email.domain.sent_from import MAX_LENGTH, is_device_line

_DELIMITER = re.compile(r"\s{0,3}(?:--|—|–|__|\*--\*)\s*$")
_RULER = re.compile(r"\s*(?:[-_=*~#+━─═＝～☆★◆◇・･][ \t]?){3,}\s*$")
_DASHED_NAME = re.compile(r"\s{0,3}[-–—~]{1,2} ?[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,3}\s*$")
_CONTACT = re.compile(
    r"(?:\b(?:tel|phone|fax|mobile?|cell|tél|téléphone|telefon|telefono|teléfono|handy|gsm|direct|m|t|p|f|ph)\b\.?\s*[:.]?\s*)?"
    r"\+?\(?\d[\d ().\-/]{7,20}\d|https?://|\bwww\.|[\w.+-]{1,60}@[\w-]{1,60}\.\w|\btel[.:]|電話|电话|手机：|전화|"
    r"\b(?:gmbh|ltd|inc|llc|s\.?a\.?r\.?l|b\.v|s\.p\.a|s\.r\.l|sp\. z o\.? ?o|ag|oy|aps|a/s|ооо|株式会社|有限公司)\b",
    re.IGNORECASE,
)
_IMAGE = re.compile(
    r"\s*(?:\[cid:[^\]]*\]|\[image:[^\]]*\]|<?\[?https?://\S+\.(?:png|gif|jpe?g)\S*|\[[^\]]{0,40}logo[^\]]*\])",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[?!]\s*$|[.。]\s*$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_BEHIND_NAME = re.compile(r"\s*[|,/–•·]\s*|\s+-\s+")
_LISTED = re.compile(r"\s*(?:[-*•#>]{1,4} \S|```|\.\. |\d{1,2}[.)] )")
_IN_SENTENCES = re.compile(r"[?!:;。？！：\d]|\.\s*$|^\s*(?:[-*•>]|\d+[.)])")
_NAME = re.compile(
    r"\s*\*?[^\W\d_a-z][\w.'’-]*(?:[ \t]+(?:[^\W\d_a-z][\w.'’-]*|von|van|de|da|der|del|di|la|le|bin|al)){1,4}\*?\s*$"
)
_FROM_START = 2_000  # lines within which "Sent from my …" is looked for
_FROM_END = 12  # lines from the end within which a signature without delimiter is looked for
_BELOW_RULER = 14
_LONGEST_LINE = 110


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote the mail, as From says; both may be empty."""

    name: str = ""
    address: str = ""

    def is_named(self, line: str) -> bool:
        """Whether the line is hardly more than the writer's name."""
        given = set(_WORD.findall(self.name.lower()))
        said = _WORD.findall(line)
        if not given or not 0 < len(said) <= len(given) + 3:
            return False
        known = [word for word in said if word.lower() in given]
        return len(set(known)) * 2 >= len(given) and all(word[0].isupper() or word in known for word in said)


NOBODY = Writer()


def split_signature(
    lines: Sequence[str], *, keep_something: bool, writer: Writer = NOBODY
) -> tuple[list[str], list[str]]:
    """Own words and signature of a stretch of text, by the delimiter of RFC 3676, by "Sent from my …", by footers and
    legal notices, by a ruler over contact details, by a dashed name or by contact details under a name.

    `keep_something`: there is no other text in the mail, so something must remain as words.
    """
    lines = _trimmed(lines)
    end = footer_start(lines)
    if not end and keep_something:
        return list(lines), []
    kept = _trimmed(lines[:end])
    at = min(_by_delimiter(kept), _by_device(kept), _by_ruler(kept))
    words = _trimmed(kept[:at])
    named = min(_by_name(words), _by_closing(words), _by_block(words, writer))
    at = named if named < len(words) else at
    own = _trimmed(lines[: min(at, len(kept))])
    if not own and keep_something:
        return list(lines), []
    return own, _trimmed(lines[len(own) :])


def _by_delimiter(lines: Sequence[str]) -> int:
    for at, line in enumerate(lines):
        if len(line) < 12 and _DELIMITER.match(line):
            below = [text for text in lines[at + 1 :] if text.strip()]
            if line.strip() == "--" or (len(below) <= _BELOW_RULER and not _is_prose(below)):
                return at
    return len(lines)


def _by_ruler(lines: Sequence[str]) -> int:
    """A ruler near the end over lines that are no sentences and hold contact details."""
    for at in range(max(1, len(lines) - 2 * _BELOW_RULER), len(lines)):
        if len(lines[at]) < 200 and _RULER.match(lines[at]) and not _underlines(lines, at):
            below = [line for line in lines[at + 1 :] if line.strip() and not _RULER.match(line[:200])]
            contact = sum(1 for line in below if _CONTACT.search(line[:300]))
            if 0 < len(below) <= _BELOW_RULER and not _is_prose(below) and (contact or _is_card(lines, at)):
                return at
    return len(lines)


def _by_device(lines: Sequence[str]) -> int:
    """The first such line with words over it; what stands under it is history without a mark."""
    for at, line in enumerate(lines[:_FROM_START]):
        if line and len(line) <= 2 * MAX_LENGTH and is_device_line(line):
            above = any(text.strip() for text in lines[:at])
            below = sum(1 for text in lines[at + 1 :] if text.strip())
            if not above and below > 1:
                continue
            return _top_of_table(lines, at) if "邮箱大师" in line else at
    return len(lines)


def _top_of_table(lines: Sequence[str], at: int) -> int:
    """NetEase's program puts a table with the sender's address over its line."""
    while at and lines[at - 1].strip():
        at -= 1
    return at


def _by_name(lines: Sequence[str]) -> int:
    """A last line like "-Ana" or "— Ana Lima" under a paragraph."""
    last = len(lines) - 1
    if last <= 0 or len(lines[last]) >= 60 or not _DASHED_NAME.match(lines[last]):
        return len(lines)
    before = next((line for line in reversed(lines[:last]) if line.strip()), "")
    beside = lines[last - 1].lstrip()
    spaced = lines[last].lstrip()[1:2] == " "
    listed = beside.startswith(("•", "*")) or (beside[:1] in {"-", "–", "—"} and beside[1:2] == " " and spaced)
    return len(lines) if listed or before.rstrip().endswith(":") else last


def _by_closing(lines: Sequence[str]) -> int:
    """Contact details under a closing and a name: the closing and the name stay with the words."""
    for at in range(max(0, len(lines) - _FROM_END), len(lines)):
        if len(lines[at]) < 60 and is_closing(lines[at]):
            below = [n for n in range(at + 1, len(lines)) if lines[n].strip()]
            if below and _IMAGE.match(lines[below[0]][:300]) and len(below) > 1:
                return below[0]
            short = len(below) >= 2 and all(len(lines[n]) < _LONGEST_LINE for n in below)
            if short and any(_CONTACT.search(lines[n]) for n in below[1:]):
                return below[1]
    return len(lines)


def _by_block(lines: Sequence[str], writer: Writer) -> int:
    """A last paragraph or two of name, company and contact details, under words and an empty line."""
    first = max(1, len(lines) - _FROM_END)
    for at in range(first, len(lines)):
        if lines[at - 1].strip() or not lines[at].strip() or len(lines[at]) > _LONGEST_LINE:
            continue
        above = next((line for line in reversed(lines[:at]) if line.strip()), "").rstrip()
        block = [line for line in lines[at:] if line.strip()]
        if not above or above.endswith((":", "：")) or is_closing(above) or _is_prose(block):
            continue
        head, contact = block[0].strip(), sum(len(_CONTACT.findall(line[:300])) for line in block[1:])
        if _IMAGE.match(head) and len(block) >= 2 and (contact or writer.is_named(block[1]) or _NAME.match(block[1])):
            return at
        if is_closing(head):
            continue
        head = _BEHIND_NAME.split(head, maxsplit=1)[0]
        named = writer.is_named(head)
        if (named and contact) or (_NAME.match(head) and contact >= 2):
            return at
    return len(lines)


def _is_card(lines: Sequence[str], at: int) -> bool:
    """Whether a name and a company could stand right below the ruler: a few short lines without any sign of a sentence,
    a list or a sum.
    """
    below = [line for line in lines[at + 1 :] if line.strip()]
    return (
        bool(lines[at + 1].strip())
        and len(below) <= 3
        and all(len(line) <= 40 and not _IN_SENTENCES.search(line) for line in below)
    )


def _underlines(lines: Sequence[str], at: int) -> bool:
    """Whether the ruler underlines a heading: about as long as the line right above it."""
    above = lines[at - 1].strip()
    return bool(above) and abs(len(above) - len(lines[at].strip())) <= 2 and lines[at].strip()[:1] in {"=", "-", "~"}


def _is_prose(lines: Sequence[str]) -> bool:
    """Whether there is a sentence or a list among them, or a line longer than any in a signature."""
    return any(
        _LISTED.match(line)
        or line.rstrip().endswith(("?", "？"))
        or len(line) > 2 * _LONGEST_LINE
        or (len(line.split()) > 5 and _PROSE.search(line) and not _CONTACT.search(line))
        for line in lines
    )


def _trimmed(lines: Sequence[str]) -> list[str]:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return list(lines[start:end])
