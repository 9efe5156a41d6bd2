"""The words of an RTF text: the HTML or plain text that Outlook wrapped in it ([MS-OXRTFEX]), else what it says."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

MOST_TOKENS = 400_000  # about a second; what goes beyond is cut
DEEPEST = 500
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]{1,4096})|.", re.DOTALL
)
_HIDDEN = {
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"objdata", b"themedata", b"datastore",
    b"header", b"footer", b"headerl", b"headerr", b"footerl", b"footerr", b"listtable", b"listoverridetable",
    b"revtbl", b"rsidtbl", b"generator", b"latentstyles", b"fldinst", b"filetbl", b"xmlnstbl", b"mhtmltag",
    b"bkmkstart", b"bkmkend", b"nonshppict", b"pntext", b"template",
}  # fmt: skip
_SIGNS = {
    b"tab": "\t", b"cell": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ", b"zwj": "\u200d", b"zwnj": "\u200c",
}  # fmt: skip
_ENDS = {b"par", b"line", b"row", b"sect", b"page"}
_ESCAPED = {b"~": "\u00a0", b"_": "\u2011", b"-": "", b"\r": "\n", b"\n": "\n", b"{": "{", b"}": "}", b"\\": "\\"}
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits. `hidden`: its words are none of the text's; `tag`: they are the HTML's own markup;
    `rendered`: they repeat in RTF what the HTML says.
    """

    hidden: bool = False
    tag: bool = False
    rendered: bool = False
    fonts: bool = False
    skip: int = 1
    charset: str = ""


@dataclass(slots=True)
class _Reader:
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    charset: str = "cp1252"
    charsets: dict[int, str] = field(default_factory=dict)
    font: int = 0
    html: bool = False
    starred: bool = False
    left_out: int = 0  # characters that only stand in for the one before
    pending: bytearray = field(default_factory=bytearray)
    pieces: list[str] = field(default_factory=list)

    def say(self, content: bytes) -> None:
        if self.left_out:
            dropped = min(self.left_out, len(content))
            self.left_out -= dropped
            content = content[dropped:]
        if content and self.speaks:
            self.pending += content

    def sign(self, text: str) -> None:
        if self.speaks:
            self.flush()
            self.pieces.append(text)

    @property
    def speaks(self) -> bool:
        state = self.state
        return not state.hidden and (state.tag or not state.rendered)

    def flush(self) -> None:
        if self.pending:
            charset = self.charset if self.state.tag else self.state.charset or self.charset
            self.pieces.append(self.pending.decode(charset, "replace"))
            self.pending.clear()

    def open(self) -> None:
        self.starred = False
        self.left_out = 0
        self.stack.append(self.state)

    def close(self) -> None:
        self.flush()
        self.left_out = 0
        self.starred = False
        if self.stack:
            self.state = self.stack.pop()

    def word(self, name: bytes, number: int | None) -> None:
        starred, self.starred = self.starred, False
        if name == b"u" and number is not None:
            self.sign(chr(number % 65_536))
            self.left_out = self.state.skip
        elif name == b"htmltag" and starred:
            self.flush()
            self.state = replace(self.state, tag=True, hidden=False)
        elif name == b"fonttbl":
            self.state = replace(self.state, hidden=True, fonts=True)
        elif self.state.fonts and name in {b"f", b"fcharset"}:
            self._define(name, number or 0)
        elif starred or name in _HIDDEN:
            self.flush()
            self.state = replace(self.state, hidden=True)
        elif name in _ENDS:
            self.sign("\n")
        elif name in _SIGNS:
            self.sign(_SIGNS[name])
        else:
            self._set(name, number)

    def _set(self, name: bytes, number: int | None) -> None:
        if name == b"htmlrtf":
            self.flush()
            self.state = replace(self.state, rendered=self.html and number != 0)
        elif name == b"fromhtml":
            self.html = number != 0
        elif name == b"ansicpg" and number:
            self.charset = _codec(f"cp{number}") or self.charset
        elif name in {b"mac", b"pc"}:
            self.charset = "mac_roman" if name == b"mac" else "cp437"
        elif name == b"f" and number is not None:
            self.flush()
            self.state = replace(self.state, charset=self.charsets.get(number, ""))
        elif name == b"plain":
            self.flush()
            self.state = replace(self.state, charset="")
        elif name == b"uc" and number is not None:
            self.state = replace(self.state, skip=max(0, min(number, 9)))

    def _define(self, name: bytes, number: int) -> None:
        if name == b"f":
            self.font = number
        elif number in _CHARSETS:
            self.charsets[self.font] = _CHARSETS[number]


def read_rtf(content: bytes) -> tuple[str, str, bool]:
    """(text, HTML, whether all was read): one of the two, as the RTF was made from HTML or not. Never raises."""
    reader, at, tokens = _Reader(), 0, 0
    while at < len(content) and tokens < MOST_TOKENS and len(reader.stack) < DEEPEST:
        token = _TOKEN.match(content, at)
        if token is None:
            break
        tokens += 1
        at = token.end()
        name, number, code, escaped, brace, words = token.groups()
        if words is not None:
            reader.say(words)
        elif code is not None:
            reader.say(bytes([int(code, 16)]))
        elif brace is not None:
            reader.open() if brace == b"{" else reader.close()
        elif escaped == b"*":
            reader.starred = True
        elif escaped is not None:
            reader.sign(_ESCAPED.get(escaped, ""))
        elif name == b"bin":
            at += max(0, int(number or 0))
        elif name is not None:
            reader.word(name, int(number) if number is not None else None)
    reader.flush()
    said = "".join(reader.pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").rstrip("\x00")
    complete = at >= len(content)
    return ("", said, complete) if reader.html else (said, "", complete)


def _codec(name: str) -> str:
    if name == "cp65001":
        return "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
