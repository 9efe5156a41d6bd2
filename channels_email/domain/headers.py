"""The head of a mail or of a part: fields split, unfolded and decoded (RFC 5322, 2047, 6532), however broken."""

import re
from dataclasses import dataclass, field

from channels_email.domain.charsets import decode
from channels_email.domain.transfer import from_base64, from_quoted
from foundation.charset_guess import guess, is_shifted, strictly

MAX_FIELDS = 2_000
MAX_VALUE = 100_000  # bytes of one field
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_USUAL = re.compile(
    rb"(?:x-[!-9;-~]+|content-[!-9;-~]+|list-[!-9;-~]+|resent-[!-9;-~]+|arc-[!-9;-~]+|from|to|cc|bcc|subject|date|"
    rb"message-id|in-reply-to|references|reply-to|sender|return-path|received(?:-spf)?|mime-version|delivered-to|"
    rb"delivery-date|envelope-to|importance|priority|precedence|auto-submitted|dkim-signature|domainkey-signature|"
    rb"authentication-results|thread-topic|thread-index|user-agent|errors-to|disposition-notification-to|comments|"
    rb"keywords|organization|status|lines|mailer|apparently-to)[ \t]*:",
    re.IGNORECASE,
)
_WORD = re.compile(r"=\?([^?\s=]{0,60})\?([bBqQ])\?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Head:
    """Fields in their order, names in lower case, values unfolded but not decoded; where the body starts in the bytes
    that were read; what was wrong, in words.
    """

    fields: tuple[tuple[str, bytes], ...]
    body_at: int
    defects: tuple[str, ...]
    first: dict[str, bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", dict(reversed(self.fields)))

    def raw(self, name: str) -> bytes:
        """The first field of that name, empty when there is none."""
        return self.first.get(name, b"")

    def text(self, name: str) -> str:
        """The first field of that name, as people should read it."""
        return unstructured(self.raw(name))

    def has(self, name: str) -> bool:
        return name in self.first


def read_head(raw: bytes, start: int = 0, end: int | None = None) -> Head:
    """Read the fields of `raw[start:end]` up to the empty line. A line that is no field ends the head too, unless
    fields go on right behind it: then it is a continuation that lost its indent.
    """
    end = len(raw) if end is None else end
    fields: list[tuple[str, list[bytes]]] = []
    defects: list[str] = []
    held = 0  # bytes of the last field
    at = start
    while at < end and len(fields) <= MAX_FIELDS:
        line, following = _line(raw, at, end)
        if not line.strip() and not (line and fields and _fields_go_on(raw, following, end)):
            at = following
            if fields or at > start + 2_000 or not _begins_late(raw, at, end, within=start > 0):
                break
            continue
        found = _FIELD.match(line)
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1][1].extend([line] * (held <= MAX_VALUE))
            held += len(line)
        elif found:
            held = len(line)
            fields.append((found[1].decode("ascii").lower(), [line[found.end() :]]))
        elif line.startswith((b"From ", b">From ")) and not fields:
            pass  # the envelope line of an mbox file
        elif fields and _fields_go_on(raw, following, end):
            fields[-1][1].append(line)
            defects.append("a header line without name was joined to the one before")
        else:
            defects.append("no empty line between header and body")
            break
        at = following
    if len(fields) > MAX_FIELDS:
        defects.append(f"only the first {MAX_FIELDS:,} header fields were read")
        gap = re.compile(rb"\r?\n\r?\n").search(raw, at, end)
        at = gap.end() if gap else end
    if any(sum(map(len, lines)) > MAX_VALUE for _, lines in fields):
        defects.append(f"a header field over {MAX_VALUE:,} bytes was shortened")
    return Head(tuple((name, b"".join(lines)[:MAX_VALUE].strip()) for name, lines in fields), at, tuple(defects))


def unstructured(value: bytes) -> str:
    """A field for people: raw 8-bit and encoded words decoded, white space collapsed, controls gone."""
    return tidy(decode_words(raw_text(value)))


def raw_text(value: bytes) -> str:
    """Bytes of a field as text: ASCII, else UTF-8 (RFC 6532), else a guess."""
    if value.isascii() and not is_shifted(value):
        return value.decode("ascii")
    text = None if is_shifted(value) else strictly(value, "utf-8")
    return guess(value)[0] if text is None else text


def tidy(text: str) -> str:
    """One line without controls, lone surrogates or white space around it."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACE.sub(" ", _CONTROL.sub("", text.replace("\r", " ").replace("\n", " "))).strip()


def decode_words(text: str, *, again: bool = True) -> str:
    """Decode encoded words (RFC 2047) also where they are broken: within words or quotes, with spaces inside, unended,
    a letter cut between two of them, encoded twice. What cannot be decoded stays as it is.
    """
    if "=?" not in text:
        return text
    done: list[str] = []
    pending: tuple[str, bytes] | None = None  # charset and bytes of adjacent words, decoded together
    at = 0
    while found := _WORD.search(text, at):
        stop = text.find("?=", found.end())
        if stop < 0:
            if " " in text[found.end() :]:
                break
            stop = len(text) - text.endswith("?")
        between = text[at : found.start()]
        content = _word_bytes(found[2], text[found.end() : stop])
        charset = found[1].split("*")[0].lower()
        if pending is not None and (between.strip() or charset != pending[0]):
            done.append(_decoded(pending))
            pending = None
            between = between if between.strip() else ""
        if pending is None:
            done.append("" if done and not between.strip() else between)
            pending = (charset, b"")
        pending = (charset, pending[1] + content)
        at = stop + 2
    if pending is not None:
        done.append(_decoded(pending))
    done.append(text[at:])
    whole = "".join(done)
    return decode_words(whole, again=False) if again and whole != text and _WORD.match(whole) else whole


def _decoded(word: tuple[str, bytes]) -> str:
    return decode(word[1], word[0])[0]


def _word_bytes(encoding: str, content: str) -> bytes:
    raw = content.encode("utf-8", "replace")
    if encoding in "bB":
        return from_base64(raw)
    return from_quoted(raw.replace(b"_", b" ").replace(b"\r", b"").replace(b"\n", b""))


def _line(raw: bytes, at: int, end: int) -> tuple[bytes, int]:
    """The line at `at` without its end, and where the next one starts."""
    newline = raw.find(b"\n", at, end)
    following = end if newline < 0 else newline + 1
    return raw[at : end if newline < 0 else newline].rstrip(b"\r"), following


def _begins_late(raw: bytes, at: int, end: int, *, within: bool) -> bool:
    """Whether nothing but empty lines stands before the first field. A part `within` a mail may have no field at all,
    and then its body may begin like one.
    """
    for _ in range(5):
        line, at = _line(raw, at, min(end, at + 1_000))
        if line.strip():
            return line[:8].lower() == b"content-" if within else _starts_head(line)
    return not within and at < end


def _starts_head(line: bytes) -> bool:
    return _USUAL.match(line) is not None or line.startswith((b"From ", b">From "))


def _fields_go_on(raw: bytes, at: int, end: int) -> bool:
    for _ in range(3):
        line, at = _line(raw, at, min(end, at + 1_000))
        if _USUAL.match(line):
            return True
        if not line.strip():
            return False
    return False
