"""The lines that mail programs put over quoted mail: "On … wrote:", header blocks, "-----Original Message-----".

Every question looks at a few lines of limited length, so a whole mail is read in linear time.
"""

import re
from collections.abc import Sequence

from channels_email.domain import quote_words as words

MAX_LINE = 400  # characters of a line that are looked at
_AROUND = " \t*_|>-–—‐=~#\u200b\u200e\u200f\u202a\u202c\ufeff\xa0"
_DASHES = re.compile(r"[-–—‐_=*~]{2,}")
_DASH_SIGNS = frozenset("-–—‐_=*~")
_EMAIL = re.compile(r"[\w.+%$'*/=?^`{|}~-]{1,80}@[\w.-]{1,80}")
_DATE = re.compile(
    r"\d{1,2}[.:h]\d{2}|\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}|\b(?:19|20)\d{2}\b|\d{1,2}\s?(?:年|月|日|년|월|일)|"
    r"(?:\b\d{1,2}(?:st|nd|rd|th)?\.? (?:de )?[^\W\d]{3,9}\b|\b[^\W\d]{3,9}\.? \d{1,2}\b)"
)
_GROUPWISE = re.compile(r">>> ?[^>\s].{3,200}\d.{0,30}>>>\s*$")
_MESSAGE_DU = re.compile(r"message du:? \d")


def _pattern(phrases: Sequence[str], before: str = r"(?<!\w)", after: str = r"(?!\w)") -> re.Pattern[str]:
    """One of the phrases as whole words; scripts without blanks between words have no word ends."""
    spaced = [phrase for phrase in phrases if not _without_blanks(phrase)]
    joined = "|".join(re.escape(phrase) for phrase in sorted(spaced, key=len, reverse=True))
    glued = "|".join(re.escape(phrase) for phrase in sorted(set(phrases) - set(spaced), key=len, reverse=True))
    return re.compile(rf"{before}(?:{joined}){after}" + (rf"|(?:{glued})" if glued else ""))


def _without_blanks(phrase: str) -> bool:
    return any("\u0e00" <= sign <= "\u0e7f" or "\u3040" <= sign <= "\uffef" for sign in phrase)


_WROTE = _pattern(words.WROTE)
_BEGINS = re.compile(
    r"\W*(?:\d|"
    + "|".join(re.escape(w) for w in sorted({*words.BEGINS, *words.WEEKDAYS_AND_MONTHS}, key=len, reverse=True))
    + ")"
)
_KINDS = {label: kind for kind, labels in words.LABELS.items() for label in labels}
_LABEL = re.compile(r"([^\W\d_][^:：\n]{0,24}?)[ \t\xa0]*\*{0,2}[ \t]*[:：][ \t]*\*{0,2}(.*)", re.DOTALL)
_ORIGINAL = frozenset(words.ORIGINAL)


def attributions(lines: Sequence[str], quoted: Sequence[bool]) -> dict[int, int]:
    """Where each "On … wrote:" begins, and the line after its last."""
    found: dict[int, int] = {}
    for at, line in enumerate(lines):
        if not quoted[at] and (tail := line[-MAX_LINE:].rstrip(_AROUND)) and _could_end(tail):
            start = _attribution_start(lines, quoted, at)
            if start is not None:
                found[start] = at + 1
    return found


def header_block_end(lines: Sequence[str], at: int) -> int | None:
    """The line after the block "From: … Sent: … To: … Subject: …" that begins at `at`, None when there is none.

    A form that a customer fills in ("From: Berlin, To: Paris, Date: …") is none: a block has a subject or an address.
    """
    kinds: set[str] = set()
    address, end, stray, position = False, at, 0, at
    while position < min(len(lines), at + 25):
        line = lines[position][:MAX_LINE].strip(_AROUND)
        position += 1
        if not line:
            stray += 1 if end != at else 3
        elif kind := _label_kind(line):
            if kind in kinds and kind in {"from", "subject"}:
                break
            kinds.add(kind)
            address = address or bool(_EMAIL.search(line))
            end, stray = position, 0
        else:
            stray += 1
            address = address or (stray == 1 and end != at and bool(_EMAIL.search(line)))
        if stray > 2 or (stray and position == at + 1):
            break
    known = kinds - {"other"}
    enough = len(known) >= 3 and "from" in known and ("subject" in known or address)
    pair = "sent" in known and len(known) >= 2 and address and end - at <= 3
    return end if enough or pair else None


def is_label(line: str) -> bool:
    """Whether the line could begin a header block."""
    return bool(_label_kind(line[:MAX_LINE].strip(_AROUND)))


def is_original_marker(line: str) -> bool:
    """Whether it is "-----Original Message-----" between dashes, or GroupWise's ">>> name date >>>"."""
    start = line[:20].lstrip()[:1]
    if start == ">":
        return line.startswith(">>>") and bool(_GROUPWISE.match(line[:MAX_LINE]))
    return start in _DASH_SIGNS and _between_dashes(line[:MAX_LINE].lower()) in _ORIGINAL


def reply_above_markers(text: str) -> tuple[str, ...]:
    """The phrases of help desks ("please reply above this line") that occur in a text, in lower case."""
    low = text.lower()
    return tuple(phrase for phrase in words.REPLY_ABOVE if phrase in low)


def is_forward_marker(line: str) -> bool:
    """Whether it is "---------- Forwarded message ---------" or "Begin forwarded message:"."""
    line = line[:MAX_LINE].strip()
    dashed = line[:1] in _DASH_SIGNS
    if not line or not (dashed or line.endswith((":", "："))):
        return False
    phrase = _between_dashes(line.lower())
    return phrase in _FORWARDED or (dashed and phrase.startswith(_FORWARDED_BY))


def is_forward_subject(subject: str) -> bool:
    """Whether the outermost prefix of a subject says that the mail was passed on."""
    prefix = subject.strip().partition("：" if "：" in subject[:12] and ":" not in subject[:12] else ":")
    word = re.sub(r"\s*[\[(]?\d{0,3}[\])]?$", "", prefix[0].strip().lower())
    return bool(prefix[1]) and word in words.FORWARD_PREFIXES


_FORWARDED = frozenset(words.FORWARDED)
_FORWARDED_BY = ("forwarded by", "weitergeleitet von", "forwarded message from", "forwarded message", "fwd ")


def _between_dashes(low: str) -> str:
    return next((piece for piece in map(_bare, _DASHES.split(low, maxsplit=3)) if piece), "")


def _bare(piece: str) -> str:
    return piece.strip(" \t:：>*_.\xa0\u200b")


def _label_kind(line: str) -> str:
    if _MESSAGE_DU.match(line.lower()):
        return "sent"
    found = _LABEL.match(line)
    return _KINDS.get(" ".join(found[1].lower().split()).strip("* "), "") if found else ""


def _could_end(tail: str) -> bool:
    low = tail[-60:].lower()
    return low.endswith((":", "：", "；", ";")) or "@" in low or bool(_WROTE.search(low[-30:]))


def _attribution_start(lines: Sequence[str], quoted: Sequence[bool], at: int) -> int | None:
    following = next((n for n in range(at + 1, min(at + 6, len(lines))) if lines[n].strip()), len(lines))
    leads_quote = following < len(lines) and quoted[following]
    joined = ""
    for start in range(at, max(-1, at - 4), -1):
        line = lines[start][:MAX_LINE].strip(_AROUND)
        if not line or quoted[start] or len(lines[start]) > MAX_LINE:
            break
        joined = f"{line} {joined}" if joined else line
        if start < at and not (_BEGINS.match(line.lower()) and _DATE.search(line)):
            continue
        if _is_attribution(joined, leads_quote=leads_quote):
            return _further_up(lines, quoted, start)
    alone = lines[at][:MAX_LINE].strip(_AROUND)
    low = alone.lower()
    if len(alone) > 200 or not _ends(low):
        return None
    verb = _WROTE.search(low)
    if verb and (_EMAIL.search(low) or (leads_quote and len(alone) < 100)):
        return at
    return None


def _further_up(lines: Sequence[str], quoted: Sequence[bool], start: int) -> int:
    """A date broken over lines: "On Nov 21, 2014," above "at 10:18, Ana wrote:"."""
    above = lines[start - 1][:MAX_LINE].strip(_AROUND) if start else ""
    broken = above.endswith((",", "،")) or lines[start].strip()[:1].islower()
    if above and broken and not quoted[start - 1] and len(above) < 60 and _BEGINS.match(above.lower()):
        return start - 1 if _DATE.search(above) else start
    return start


def _is_attribution(joined: str, *, leads_quote: bool) -> bool:
    low = joined.lower()
    if not _BEGINS.match(low):
        return False
    dated, mailed = bool(_DATE.search(low)), bool(_EMAIL.search(low))
    if not _ends(low):  # "2012/4/7 Ana <ana@shop.example>" over quoted lines: Gmail before 2013
        return leads_quote and low[0].isdigit() and dated and mailed and len(_EMAIL.sub("", low)) < 60
    if _WROTE.search(low):
        return dated or mailed or leads_quote
    return dated and mailed and low.endswith((">:", ":", "：")) and len(joined) < 200


def _ends(low: str) -> bool:
    return low.endswith((":", "：", ";", "；", *words.WROTE))
