"""Content-Transfer-Encoding undone (RFC 2045), also where it is damaged: never raises."""

import binascii
import re

_BASE64_JUNK = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDING = re.compile(rb"=+")
_EMPTY_LINE = re.compile(rb"\n\s*\n")  # begins with a letter that is quickly found, as megabytes are searched
_ENDS_IN_BASE64 = re.compile(rb"[A-Za-z0-9+/=]\r?$")
_Y_BEGIN = re.compile(
    rb"^=ybegin [^\r\n]{0,300}?name=([^\r\n]{1,255})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?", re.MULTILINE
)
_Y_END = re.compile(rb"^=yend[^\r\n]{0,200}", re.MULTILINE)
_Y_ESCAPED = re.compile(rb"=(.)", re.DOTALL)
_Y_SHIFT = bytes((byte - 42) & 255 for byte in range(256))
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)


def decoded(raw: bytes, encoding: str) -> tuple[bytes, str]:
    """Bytes as they were before transfer, and a remark for people when the encoding was wrong (else empty).
    An unknown encoding changes nothing.
    """
    name = encoding.strip().strip(";\"'").split(";")[0].partition("(")[0].strip().lower()
    if name == "base64":
        return _base64_with_tail(raw)
    if name == "quoted-printable" or (name.startswith("quoted") and "printable" in name):
        return from_quoted(raw), ""
    if name in {"x-uuencode", "x-uue", "uuencode", "uue"}:
        begun = _UU_BEGIN.search(raw)
        return (from_uu(raw[begun.end() :]) if begun else raw), "" if begun else "said to be uuencoded but is not"
    if name in {"", "7bit", "8bit", "binary"}:
        return raw, ""
    return raw, f"unknown transfer encoding {name[:40]!r}"


def _base64_with_tail(raw: bytes) -> tuple[bytes, str]:
    """Base64, also where a list server put its footer as plain text below it, which then stays below the content."""
    gaps = _EMPTY_LINE.finditer(raw)
    gap = next((each for each in gaps if _ENDS_IN_BASE64.search(raw[max(each.start() - 2, 0) : each.start()])), None)
    if gap is not None:
        above, tail = raw[: gap.start()], raw[gap.end() :].strip()
        if tail and not _is_base64(tail) and _is_base64(above):
            content = from_base64(above)
            return (content if b"\x00" in content else content + b"\n\n" + tail), "plain text below base64"
    if _is_base64(raw):
        return from_base64(raw), ""
    return raw, "said to be base64 but is not"


def from_base64(raw: bytes) -> bytes:
    """Decode base64: junk between the letters is skipped, several padded pieces in a row are joined, missing padding
    is added, a last lone letter is dropped.
    """
    try:
        whole = binascii.a2b_base64(raw)
    except binascii.Error:
        whole = b""
    clean = raw.rstrip()
    padded = clean.find(b"=")
    if whole and (padded < 0 or not clean[padded:].strip(b"=\r\n")):
        return whole
    pieces = []
    for piece in _PADDING.split(_BASE64_JUNK.sub(b"", raw)):
        usable = piece[:-1] if len(piece) % 4 == 1 else piece
        pieces.append(binascii.a2b_base64(usable + b"=" * (-len(usable) % 4)))
    return b"".join(pieces)


def from_quoted(raw: bytes) -> bytes:
    """Decode quoted-printable; what is no right escape stays as it is."""
    return binascii.a2b_qp(raw)


def from_uu(raw: bytes) -> bytes:
    """Decode uuencoded lines up to `end`; a damaged line gives what it holds."""
    content = bytearray()
    for line in raw.splitlines():
        if line.strip() in {b"end", b"`", b"====="}:
            if line.strip() == b"end":
                break
            continue
        if not line:
            continue
        try:
            content += binascii.a2b_uu(line)
        except binascii.Error:
            used = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                content += binascii.a2b_uu(line[:used])
            except binascii.Error:
                continue
    return bytes(content)


def from_yenc(raw: bytes) -> bytes:
    """Decode the lines between `=ybegin` and `=yend` (yEnc 1.3)."""
    joined = raw.replace(b"\r", b"").replace(b"\n", b"")
    return _Y_ESCAPED.sub(lambda found: bytes(((found[1][0] - 64) & 255,)), joined).translate(_Y_SHIFT)


def cut_encoded_files(raw: bytes) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    """Take uuencoded and yEnc files out of a text body: the text without them, and (name, content) of each."""
    files: list[tuple[str, bytes]] = []
    for begin, end, decode in ((_UU_BEGIN, _UU_END, from_uu), (_Y_BEGIN, _Y_END, from_yenc)):
        kept: list[bytes] = []
        at = 0
        while found := begin.search(raw, at):
            ended = end.search(raw, found.end())
            if ended is None:
                break
            content = decode(raw[found.end() : ended.start()])
            if content:
                kept.append(raw[at : found.start()])
                files.append((found[1].decode("utf-8", "replace").strip(), content))
            else:
                kept.append(raw[at : ended.end()])
            at = ended.end()
        kept.append(raw[at:])
        raw = b"".join(kept)
    return raw, tuple(files)


def _is_base64(raw: bytes) -> bool:
    """Prose has blanks between its words and other signs; base64 has neither within its lines."""
    sample = raw[:4_000].strip()
    junk = sum(map(len, _BASE64_JUNK.findall(sample.replace(b"\r", b"").replace(b"\n", b""))))
    return junk * 10 <= len(sample)
