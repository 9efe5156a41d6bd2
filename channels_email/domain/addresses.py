"""Address fields (RFC 5322, with its obsolete forms) as real mailers write them: linear, never raises."""

import re

from channels_email.domain.headers import decode_words, tidy
from channels_email.domain.parsed import Address

MAX_ADDRESSES = 2_000
_SPECIAL = re.compile(r'["(<,;:]')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?', re.DOTALL)
_BLANK = re.compile(r"\s+")
_WORD = re.compile(r"[^\s<>\"(),;:]+")


def addresses(value: str) -> tuple[Address, ...]:
    """Every mailbox of a raw field value, in order; groups are opened, empty places skipped. A word without `@` that
    stands alone is taken for a local address; other text without an address becomes a name.
    """
    boxes = _boxes(value)
    if boxes and not any("@" in box.address for box in boxes) and "=?" in value:
        decoded = decode_words(value)  # a mailer that encoded the address together with the name
        if "@" in decoded and decoded != value:
            boxes = _boxes(decoded) or boxes
    return tuple(boxes[:MAX_ADDRESSES])


class _Box:
    """One mailbox being read: words of its name, what stood in angle brackets, comments."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.has_sign = False
        self.angle: str | None = None
        self.comments: list[str] = []

    def add(self, text: str) -> None:
        self.words.append(text)
        self.has_sign = self.has_sign or "@" in text

    @property
    def is_address(self) -> bool:
        return self.angle is not None or self.has_sign


def _boxes(value: str) -> list[Address]:
    found: list[Address] = []
    box = _Box()
    held: list[str] = []  # "Last" of an unquoted "Last, First <address>"
    at = 0
    while at < len(value) and len(found) < MAX_ADDRESSES:
        special = _SPECIAL.search(value, at)
        if special is None:
            box.add(value[at:])
            break
        if special.start() > at:
            box.add(value[at : special.start()])
        sign, at = special[0], special.start()
        if sign == '"':
            quoted = _QUOTED.match(value, at)
            if quoted and "<" in quoted[0] and not quoted[0].endswith('"'):
                quoted = None  # a quote that never ends
            at = quoted.end() if quoted else at + 1
            text = quoted[1] if quoted else ""
            box.add(f'"{text}"' if value[at : at + 1] == "@" else re.sub(r"\\(.)", r"\1", text))
        elif sign == "(":
            comment, at = _comment(value, at)
            box.comments.append(comment)
        elif sign == "<":
            box.angle, at = _angle(value, at)
        elif sign == ":" and not box.is_address:
            box, at = _Box(), at + 1  # the name of a group
        else:
            at += 1
            if sign != ":":
                _close(box, held, found)
                box = _Box()
            else:
                box.add(":")
    _close(box, held, found)
    _settle(held, found)
    return found


def _bare(text: str) -> re.Match[str] | None:
    """The first word of the text that can be an address."""
    return next((word for word in _WORD.finditer(text) if "@" in word[0][1:-1]), None) if "@" in text else None


def _close(box: _Box, held: list[str], found: list[Address]) -> None:
    text = _BLANK.sub(" ", "".join(box.words)).strip()
    if box.angle is None and "@" not in text:
        if text:
            held.append(text)
        return
    if box.angle is not None and "@" in box.angle and held:
        text = f"{held.pop()}, {text}".rstrip(", ")
    _settle(held, found)
    if box.angle is None:
        bare = _bare(text)
        address, name = (bare[0], (text[: bare.start()] + text[bare.end() :]).strip()) if bare else _joined(text)
    else:
        address, name = box.angle, text
        if not address and "@" in name and (bare := _bare(name)):
            address = bare[0]
    name = name or (box.comments[0] if box.comments else "")
    found.append(Address(name=_name(name), address=_address(address)))


def _settle(held: list[str], found: list[Address]) -> None:
    """What was held back for a name was none: words alone are local addresses, the rest are names."""
    for text in held:
        plain = tidy(decode_words(text))
        found.append(Address(name="", address=plain) if " " not in plain else Address(name=plain, address=""))
    held.clear()


def _joined(text: str) -> tuple[str, str]:
    """`jdoe @ test . example`: blanks around the signs of an address."""
    tight = re.sub(r"\s*([@.])\s*", r"\1", text)
    bare = _bare(tight)
    return (bare[0], (tight[: bare.start()] + tight[bare.end() :]).strip()) if bare else (tight, "")


def _comment(value: str, at: int) -> tuple[str, int]:
    """The comment that opens at `at`, with those nested in it, and where it ends."""
    depth, start = 0, at
    while at < len(value):
        sign = value[at]
        at += 2 if sign == "\\" else 1
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if not depth:
                return re.sub(r"\\(.)", r"\1", value[start + 1 : at - 1]).strip(), at
    return value[start + 1 :].strip(), len(value)


def _angle(value: str, at: int) -> tuple[str, int]:
    """The text in angle brackets without comments, quotes kept; ends at a comma where the bracket was forgotten."""
    kept: list[str] = []
    at += 1
    begun = route = signed = False
    while at < len(value):
        sign = value[at]
        if sign == ">":
            at += 1
            while value[at : at + 1] == ">":
                at += 1
            break
        if sign == "(":
            _, at = _comment(value, at)
        elif sign == '"' and (quoted := _QUOTED.match(value, at)):
            kept.append(quoted[0])
            begun, signed = True, signed or "@" in quoted[0]
            at = quoted.end()
        elif sign == "," and signed and not route:
            break
        else:
            if sign != "<":
                kept.append(sign)
                route = route or (sign == "@" and not begun)
                begun, signed = True, signed or sign == "@"
            at += 1
    return "".join(kept).strip(), at


def _name(text: str) -> str:
    name = tidy(decode_words(text)).strip("'\" ")
    return name if len(name) <= 500 else name[:500]


def _address(text: str) -> str:
    """Without route, blanks and `mailto:`, otherwise as written."""
    text = tidy(text)
    if text.startswith("@") and ":" in text:
        text = text.split(":", 1)[1]  # an obsolete route
    text = text.removeprefix("mailto:")
    if not text.startswith('"'):
        text = _BLANK.sub("", decode_words(text))
    local, sign, domain = text.rpartition("@")
    return f"{local}{sign}{domain.rstrip('.')}"[:998] if sign else text[:998]
