"""Content-Type and Content-Disposition: value and parameters (RFC 2045, 2231), however broken."""

import re
from urllib.parse import unquote_to_bytes

from channels_email.domain.charsets import decode
from channels_email.domain.headers import decode_words, raw_text, tidy

MAX_PARAMETERS = 200
_NAME = re.compile(r"[\s;]*([^\s=;\"]{1,100})\s*=\s*", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?', re.DOTALL)
_COMMA = re.compile(r"^(\s*[\w.+/-]+)\s*[,:](?=\s*[\w*-]+\s*=)")
_ODD_CHARSET = re.compile(r"([A-Za-z][\w-]{1,20})[\"'](?:[\w-]{0,8}[\"'])?")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?$")


def read_parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """The value in lower case and its parameters decoded, names in lower case; the first of a name counts."""
    text = _COMMA.sub(r"\1;", raw_text(raw), count=1)
    value, _, rest = text.partition(";")
    if "=" in value and "/" not in value.split("=", maxsplit=1)[0]:
        value, rest = "", text  # a field that starts with its parameters
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    at = 0
    for _ in range(MAX_PARAMETERS):
        found = _NAME.match(rest, at)
        if found is None:
            following = rest.find(";", at + 1)
            if following < 0:
                break
            at = following
            continue
        content, at = _content(rest, found.end())
        parts = _SECTION.match(found[1].lower())
        if parts:
            number = int(parts[2]) if parts[2] else -1
            pieces = sections.setdefault(parts[1], {})
            if number not in pieces or (parts[3] and not pieces[number][1]):
                pieces[number] = (content, bool(parts[3]))
    return _main(value), {name: _joined(pieces) for name, pieces in sections.items()}


def _main(value: str) -> str:
    """`text/plain` out of `text/plain (comment)` or `text/plain charset=…`."""
    words = re.sub(r"\([^()]*\)", " ", value).split()
    return tidy(words[0]).strip("\"',:").lower() if words else ""


def _content(rest: str, at: int) -> tuple[str, int]:
    if rest[at : at + 1] == '"' and (quoted := _QUOTED.match(rest, at)):
        after = rest.find(";", quoted.end())
        return re.sub(r'\\(["\\])', r"\1", quoted[1]), len(rest) if after < 0 else after
    stop = rest.find(";", at)
    stop = len(rest) if stop < 0 else stop
    bare = rest[at:stop].strip()
    return bare[1:-1] if len(bare) > 2 and bare[0] == bare[-1] == "'" else bare, stop


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """Put continuations together and undo percent-encoding, else encoded words that have no business here."""
    extended = {number: piece for number, piece in pieces.items() if number >= 0}
    chosen = extended or pieces
    if -1 in pieces and pieces[-1][1]:
        chosen = {-1: pieces[-1]}
    if not any(encoded for _, encoded in chosen.values()):
        return tidy(decode_words("".join(chosen[number][0] for number in sorted(chosen))))
    content, charset = b"", ""
    for position, number in enumerate(sorted(chosen)):
        text, encoded = chosen[number]
        if position == 0 and encoded and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        elif position == 0 and encoded and (odd := _ODD_CHARSET.match(text)):
            charset, text = odd[1], text[odd.end() :]
        content += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    decoded = decode(content, charset)[0]
    return tidy(decode_words(decoded))
