"""Compressed RTF, as Outlook puts it into its containers ([MS-OXRTFCP]).

Own code instead of a library's: what is on hand has no bound on size and refuses the whole text for a wrong checksum.
"""

from __future__ import annotations

LARGEST = 8 * 1024 * 1024  # bytes of RTF; what goes beyond is cut
_HEADER = 16
_WINDOW = 4_096
_COMPRESSED, _BARE = b"LZFu", b"MELA"
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def decompress(content: bytes) -> tuple[bytes, bool]:
    """(the RTF, whether all of it): bytes that are no compressed RTF come back as they are, damaged ones as far as
    they can be read.
    """
    kind = content[8:12]
    if kind == _BARE:
        return content[_HEADER : _HEADER + LARGEST], len(content) <= _HEADER + LARGEST
    if kind != _COMPRESSED:
        return content[:LARGEST], len(content) <= LARGEST
    return _unpack(content)


def _unpack(content: bytes) -> tuple[bytes, bool]:
    out = bytearray(_KNOWN)  # what was written is the dictionary: the last 4,096 bytes of it
    at, end = _HEADER, len(content)
    while at < end and len(out) <= LARGEST + len(_KNOWN):
        flags = content[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += content[at : at + 1]
                at += 1
                continue
            if at + 1 >= end:
                return _written(out), False
            pair = content[at] << 8 | content[at + 1]
            at += 2
            back = (len(out) - (pair >> 4)) % _WINDOW
            if back == 0:
                return _written(out), True
            for _ in range((pair & 15) + 2):
                out.append(out[-back] if back <= len(out) else 0)
    return _written(out), False


def _written(out: bytearray) -> bytes:
    return bytes(out[len(_KNOWN) : len(_KNOWN) + LARGEST])
