"""Which charset a list is in: told by its first bytes, by being UTF-8 all but for a few bytes, or by its letters."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import BinaryIO

from charset_normalizer import from_bytes

from foundation.charset_guess import by_letters
from foundation.charset_letters import WEIGHTS

ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1257": "Baltic (Windows-1257)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8_u": "Cyrillic (KOI8-U)",
    "iso8859_5": "Cyrillic (ISO 8859-5)",
    "cp866": "Cyrillic (DOS 866)",
    "cp1253": "Greek (Windows-1253)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp874": "Thai (Windows-874)",
    "cp932": "Japanese (Shift JIS)",
    "euc_jp": "Japanese (EUC-JP)",
    "gb18030": "Chinese, simplified (GB 18030)",
    "big5hkscs": "Chinese, traditional (Big5)",
    "cp949": "Korean (Windows-949)",
    "iso8859_2": "Central European (ISO 8859-2)",
    "mac_roman": "Western European (Macintosh)",
    "cp850": "Western European (DOS 850)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16, little-endian",
    "utf-16-be": "UTF-16, big-endian",
}
"""Python's names of the charsets that a list may be in, with people's names of them."""

DAMAGED = "\ufffd"  # what a reader puts in the place of bytes that its charset does not have
_PORTION = 256 * 1024
_SAMPLE = 8_000  # bytes
_UTF8_LETTER = re.compile("[\x80-\ufffc\ufffe-\U0010ffff]")


def find_encoding(file: BinaryIO) -> str:
    """One of ENCODINGS; a guess where the file does not say it itself. The whole file is read once."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = max(1, len(head) // 2)
    if head[1::2].count(0) > pairs * 0.6:
        return "utf-16-le"
    if head[::2].count(0) > pairs * 0.6:
        return "utf-16-be"
    right, damaged, sample = _as_utf8(file)
    if damaged < max(right, 1):
        return "utf-8-sig"
    return _by_letters(sample)


def _as_utf8(file: BinaryIO) -> tuple[int, int, list[bytes]]:
    """How many letters beyond ASCII are right in UTF-8, how many places are wrong, and the first lines with such."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    right = damaged = size = 0
    sample: list[bytes] = []
    file.seek(0)
    portion = b"\n"
    while portion:
        portion = file.read(_PORTION)
        text = decoder.decode(portion, final=not portion)
        if text.isascii():
            continue
        damaged += text.count(DAMAGED)
        right += len(_UTF8_LETTER.findall(text))
        if size < _SAMPLE:
            lines = re.split(rb"[\r\n]+", portion)
            whole = lines[1:-1] if len(portion) == _PORTION else lines  # what is cut may be cut within a letter
            sample += [line for line in whole if not line.isascii()]
            size = sum(map(len, sample))
    return right, damaged, sample


def _by_letters(lines: Sequence[bytes]) -> str:
    """By the letters, where they look like one language; a list of names from everywhere is most often Western."""
    sample = b"\n".join(line for line in lines if len(line) < _SAMPLE)[:_SAMPLE]
    sample = sample[: sample.rfind(b"\n")] if len(sample) == _SAMPLE else sample
    if known := by_letters(sample):
        return known
    found = from_bytes(sample, cp_isolation=list(WEIGHTS), steps=3, chunk_size=256).best() if sample else None
    latin = found is None or WEIGHTS[found.encoding][1]
    return "cp1252" if found is None or latin else found.encoding
