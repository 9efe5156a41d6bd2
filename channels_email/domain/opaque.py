"""What stands within an opaque S/MIME signature (CMS SignedData, RFC 5652): readable without any key."""

from collections.abc import Iterator

MAX_DEPTH = 8  # of octet strings that are made of octet strings
MAX_PIECES = 100_000
_SIGNED_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
_OBJECT, _SEQUENCE, _EXPLICIT, _OCTETS = 0x06, 0x30, 0xA0, 0x04


class _Malformed(ValueError):
    pass


def signed_content(raw: bytes) -> bytes | None:
    """The signed bytes, a mail part of its own; None where it is encrypted, detached or damaged. Verifies nothing."""
    try:
        outer = _children(raw, *_only(raw, 0, len(raw), _SEQUENCE))
        if _value(raw, next(outer), _OBJECT) != _SIGNED_DATA:
            return None
        _, start, end = next(outer)
        for tag, inner_start, inner_end in _children(raw, *_only(raw, start, end, _SEQUENCE)):
            if tag == _SEQUENCE:
                return _content(raw, inner_start, inner_end)
    except (_Malformed, StopIteration, RecursionError):
        return None
    return None


def _content(raw: bytes, start: int, end: int) -> bytes | None:
    fields = _children(raw, start, end)
    if _value(raw, next(fields), _OBJECT) != _DATA:
        return None
    tag, start, end = next(fields)
    return b"".join(_octets(raw, start, end, 0)) if tag == _EXPLICIT else None


def _octets(raw: bytes, start: int, end: int, depth: int) -> Iterator[bytes]:
    """An octet string in one piece, or in many as programs write it that do not know its length at first."""
    if depth > MAX_DEPTH:
        raise _Malformed
    for count, (tag, piece_start, piece_end) in enumerate(_children(raw, start, end)):
        if count > MAX_PIECES:
            raise _Malformed
        if tag == _OCTETS:
            yield raw[piece_start:piece_end]
        elif tag == _OCTETS | 0x20:
            yield from _octets(raw, piece_start, piece_end, depth + 1)


def _only(raw: bytes, start: int, end: int, wanted: int) -> tuple[int, int]:
    tag, inner_start, inner_end = next(_children(raw, start, end))
    if tag != wanted:
        raise _Malformed
    return inner_start, inner_end


def _value(raw: bytes, item: tuple[int, int, int], wanted: int) -> bytes:
    tag, start, end = item
    return raw[start:end] if tag == wanted else b""


def _children(raw: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Tag, start and end of the content of each value (BER, X.690); a value of unknown length reaches to the end."""
    while at + 2 <= end:
        tag, length = raw[at], raw[at + 1]
        at += 2
        if tag == 0 and length == 0:
            return  # the end of a value of unknown length
        if length == 0x80:
            yield tag, at, end
            at = _past_unknown(raw, at, end, 0)
            continue
        if length > 0x80:
            width = length & 0x7F
            if width > 8:
                raise _Malformed
            length = int.from_bytes(raw[at : at + width], "big")
            at += width
        if at + length > end:
            raise _Malformed
        yield tag, at, at + length
        at += length


def _past_unknown(raw: bytes, at: int, end: int, depth: int) -> int:
    """Where the value of unknown length that begins at `at` is over."""
    if depth > 4 * MAX_DEPTH:
        raise _Malformed
    while at + 2 <= end:
        tag, length = raw[at], raw[at + 1]
        at += 2
        if tag == 0 and length == 0:
            return at
        if length == 0x80:
            at = _past_unknown(raw, at, end, depth + 1)
        elif length > 0x80:
            width = length & 0x7F
            at += width + int.from_bytes(raw[at : at + width], "big")
        else:
            at += length
    raise _Malformed
