"""The blocks that mail programs put over an earlier mail: "From: … Sent: … To: … Subject: …", "-----Original
Message-----", the marks of help desks, and what announces forwarded mail.

Every question looks at a few lines of limited length, so a whole mail is read in linear time.
"""

import re
from collections.abc import Sequence

from channels_email.domain import header_words as words
from channels_email.domain.attribution import AROUND, EMAIL, MAX_LINE

_DASHES = re.compile(r"(?:[-–—‐_=*~][ \t]?){2,}")
_DASH_SIGNS = frozenset("-–—‐_=*~")
_GROUPWISE = re.compile(r">>> ?[^>\s].{3,200}\d.{0,30}>>>\s*$")
_MESSAGE_DU = re.compile(r"message du:? \d")
_TIMED_OR_ANSWERS = re.compile(
    r"(?<![\d./-])\d{1,2}\s?[:.hH時时시]\s?\d\d(?![./-]?\d)|"
    r"[:：] ?\*{0,2}(?:re|aw|wg|fw|fwd|sv|vs|antw|odp|r|rif|res|ynt|tr|回复|答复|回覆|返信) ?[:：]",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}[:.]\d{2}.{0,12}")
_BLANKS = re.compile(r"&nbsp;|[\u3000\xa0\t]")
_KINDS = {label: kind for kind, labels in words.LABELS.items() for label in labels}
_LABEL = re.compile(r"([^\W\d_][^:：\n]{0,30}?)[ \t\xa0]*\*{0,2}[ \t]*[:：][ \t]*\*{0,2}(.*)", re.DOTALL)
_FROM_LABELS = "|".join(re.escape(label) for label in sorted(words.LABELS["from"], key=len, reverse=True))
_FIRST_LABEL = re.compile(rf"\*?(?:{_FROM_LABELS})\s?\*?[:：]", re.IGNORECASE)
_INNER_LABEL = re.compile(r"(?<![^\s*;>])\*?([^\W\d_][^\s:：*]{0,20}(?: [^\s:：*]{1,10})?)\s?\*?[:：]\*?\s")
_ORIGINAL = frozenset(words.ORIGINAL)
_FORWARDED = frozenset(words.FORWARDED)
_FORWARDED_BY = ("forwarded by", "weitergeleitet von", "forwarded message from", "forwarded message", "fwd ")
_LOOK_AHEAD = 25
_LONGEST_MARKER = 200


def header_block_end(lines: Sequence[str], at: int) -> int | None:
    """The line after the block "From: … Sent: … To: … Subject: …" that begins at `at`, None when there is none.

    A form that a customer fills in ("From: Berlin, To: Paris, Date: …") is none: a block has a subject or an address.
    """
    if _on_one_line(lines[at]):
        return at + 1
    kinds: set[str] = set()
    told = ""  # everything that stands in the block
    end, stray, position = at, 0, at
    while position < min(len(lines), at + _LOOK_AHEAD):
        line = lines[position][:MAX_LINE].strip(AROUND)
        position += 1
        if not line:
            stray += 1 if end != at else 3
        elif kind := _label_kind(line):
            if kind in kinds and kind in {"from", "subject"}:
                break
            kinds.add(kind)
            told += f"{line}\n"
            end, stray = position, 0
        else:
            stray += 1
            told += f"{line}\n" if stray == 1 and end != at else ""
        if stray > 2 or (stray and position == at + 1):
            break
    return end if _is_block(kinds - {"other"}, told, end - at) else None


def _is_block(known: set[str], told: str, height: int) -> bool:
    """By an address in it; without one, by a time of day or a subject that answers."""
    address = EMAIL.search(told) is not None
    if "sent" in known and len(known) >= 2 and address and height <= 3:
        return True
    if len(known) < 3 or "from" not in known:
        return False
    return address or ({"subject", "to"} <= known and _TIMED_OR_ANSWERS.search(told) is not None)


def below_original(lines: Sequence[str], at: int) -> int:
    """The line after the fields that follow "-----Original Message-----": also without colons, or as a table."""
    below = next((n for n in range(at, min(at + 3, len(lines))) if lines[n].strip(AROUND)), at)
    block = header_block_end(lines, below) if below < len(lines) else None
    if block is not None:
        return block
    end = at
    for number in range(below, min(below + 10, len(lines))):
        line = lines[number][:MAX_LINE].strip(AROUND)
        if line and not (_label_kind(line) or _label_without_colon(line)):
            break
        end = number + 1 if line else end
    return max(end, at)


def is_label(line: str) -> bool:
    """Whether the line could begin a header block."""
    return bool(_label_kind(line[:MAX_LINE].strip(AROUND)))


def is_original_marker(line: str) -> bool:
    """Whether it is "-----Original Message-----" between dashes, or GroupWise's ">>> name date >>>"."""
    start = line[:20].lstrip()[:1]
    if start == "|":
        return line.startswith("|-----") and line.rstrip().endswith("->")  # the frame of old Lotus Notes
    if start == ">":
        return line.startswith(">>>") and bool(_GROUPWISE.match(line[:MAX_LINE]))
    return start in _DASH_SIGNS and len(line) < _LONGEST_MARKER and _between_dashes(line.lower()) in _ORIGINAL


def mentions_reply_above(text: str) -> bool:
    """Whether a help desk's "please reply above this line" could stand anywhere in a text."""
    low = text.lower()
    return "##-" in text or any(phrase in low for phrase in words.ABOVE)


def is_reply_above(line: str) -> bool:
    """Whether the line is a help desk's "please reply above this line", in any of the usual languages."""
    if not 12 < len(line) < 160:
        return False
    low = line.lower().strip("> \t")
    if low.startswith("##-") and low.endswith("-##"):
        return True
    if low.startswith(words.PERSONS):
        return False
    return any(phrase in low for phrase in words.ABOVE) and any(word in low for word in words.ANSWER_BELONGS)


def notes_block_end(lines: Sequence[str], at: int) -> int | None:
    """The line after the stack that Lotus Notes puts over quoted mail, None when there is none: sender, date, then a
    line for each label and for each value.
    """
    shown = [(n, text) for n in range(at, min(at + 24, len(lines))) if (text := lines[n][:MAX_LINE].strip(AROUND))]
    if len(shown) < 5 or not EMAIL.search(shown[0][1]) or not _MOMENT.fullmatch(shown[1][1]):
        return None
    labels = [n for n, text in shown[2:12] if _KINDS.get(text.rstrip(":").lower()) in {"to", "cc", "subject"}]
    return labels[-1] + 2 if len(labels) >= 2 else None


def is_forward_marker(line: str) -> bool:
    """Whether it is "---------- Forwarded message ---------" or "Begin forwarded message:"."""
    line = line[:MAX_LINE].strip()
    dashed = line[:1] in _DASH_SIGNS
    if not line or len(line) > _LONGEST_MARKER or not (dashed or line.endswith((":", "："))):
        return False
    phrase = _between_dashes(line.lower())
    return phrase in _FORWARDED or (dashed and phrase.startswith(_FORWARDED_BY))


def _between_dashes(low: str) -> str:
    low = low.replace("&nbsp;", " ")
    return next((piece for piece in map(_bare, _DASHES.split(low, maxsplit=3)) if piece), "")


def _bare(piece: str) -> str:
    return piece.strip(" \t:：>*_.\xa0\u200b")


def _label_kind(line: str) -> str:
    low = line[:60].lower()
    if _MESSAGE_DU.match(low):
        return "sent"
    found = _LABEL.match(line)
    if not found:
        return ""
    label = _BLANKS.sub(" ", found[1].lower()).strip("* ")
    return _KINDS.get(" ".join(label.split()), "") or _KINDS.get("".join(label.split()), "")


def _label_without_colon(line: str) -> bool:
    """Whether it is "Date 12/05/2026" or "| 发件人 | Ana |" below a line that announces them."""
    first, _, rest = line.replace("|", " ").strip().partition(" ")
    return bool(rest) and first.lower() in _KINDS


def _on_one_line(line: str) -> bool:
    """Whether it is "From: Ana Sent: Tuesday To: Carla Subject: Order": a block that lost its line ends."""
    if not len(line) > 40 or not _FIRST_LABEL.match(line[:40].strip(AROUND)):
        return False
    labels = [label.lower() for label in _INNER_LABEL.findall(line[: 2 * MAX_LINE])]
    kinds = {_KINDS.get(label) or _KINDS.get(label.rpartition(" ")[2], "") for label in labels}
    return "from" in kinds and len(kinds & {"sent", "to", "subject"}) >= 2
