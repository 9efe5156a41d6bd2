"""Bytes to text whatever the mail declares: never raises, never drops a letter it can keep."""

import codecs
import re

from foundation.charset_guess import guess, is_dense, is_shifted, strictly, written_in_words

# Names seen in mail that Python does not know, and subsets whose superset is what was really sent (WHATWG Encoding).
# Empty: the name says nothing about bytes above 0x7F.
_ALIASES = {
    "": "",
    "unknown": "",
    "unknown-8bit": "",
    "x-unknown": "",
    "x-user-defined": "",
    "default": "",
    "default_charset": "",
    "_autodetect": "",
    "_autodetect_all": "",
    "binary": "",
    "8bit": "",
    "7bit": "",
    "none": "",
    "ascii": "",
    "us-ascii": "",
    "ansi_x3.4-1968": "",
    "utf": "utf-8",
    "utf8mb4": "utf-8",
    "unicode": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "x-utf-8": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "x-ansi": "cp1252",
    "ansi": "cp1252",
    "iso-8859-1-windows-3.1-latin-1": "cp1252",
    "iso-8859-8-i": "cp1255",
    "iso-8859-8-e": "cp1255",
    "iso-8859-8": "cp1255",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "csgb2312": "gb18030",
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "big5-tw": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "ks_c_5601-1989": "cp949",
    "euc-kr": "cp949",
    "euckr": "cp949",
    "x-windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "cp50220": "iso2022_jp_ext",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "koi8": "koi8-r",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-cp1251": "cp1251",
    "windows-1251": "cp1251",
    "win-1251": "cp1251",
}
_NUMBERED = re.compile(r"(?:windows|win|cp|ibm|dos|ms)[-_ ]?(\d{3,4})")
_WESTERN = frozenset({"cp1252", "cp1254", "iso8859-15"})


def decode(raw: bytes, declared: str = "") -> tuple[str, str]:
    """Text of `raw`, and a remark for people where `declared` was missing or wrong (else empty)."""
    name = declared.strip().strip("\"'").lower().split("*")[0]
    codec = _codec(name)
    if is_shifted(raw) and not codec.startswith(("iso2022", "hz")):
        text, guessed = guess(raw)
        return text, f"charset {name[:40] or 'not declared'}: read as {guessed}"
    if raw.isascii() and b"\x1b" not in raw and not codec.startswith(("utf-16", "utf-7", "utf-32", "hz")):
        return raw.decode("ascii"), ""
    if not codec:
        text, guessed = guess(raw)
        return text, f"charset {name[:40] or 'not declared'}: read as {guessed}"
    text_as_declared = strictly(raw, codec)
    if text_as_declared is None and codec == "cp1252":
        text_as_declared = _as_browsers_do(raw)
    if text_as_declared is not None and not (codec in _WESTERN and _in_disguise(raw)):
        return text_as_declared, ""
    text, guessed = guess(raw)
    if text_as_declared is None and guessed != "utf-8":
        damaged = raw.decode(codec, "replace")
        if damaged.count("\ufffd") * 20 <= len(damaged):
            return damaged, f"some bytes are not {name[:40]}"
    damaged_only = guessed == codec
    remark = f"some bytes are not {name[:40]}" if damaged_only else f"charset {name[:40]} is wrong: read as {guessed}"
    return text, remark


def _codec(name: str) -> str:
    """Python's name of a charset, empty for one that is unknown or says nothing."""
    if name not in _ALIASES and (numbered := _NUMBERED.search(name)):
        name = f"cp{numbered[1]}"
    name = _ALIASES.get(name, name)
    try:
        codec = codecs.lookup(name).name if name else ""
        "".encode(codec or "ascii")  # raises for codecs that are no charsets (base64, rot13)
    except (LookupError, ValueError):
        return ""
    return codec if codec not in {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"} else ""


def _in_disguise(raw: bytes) -> bool:
    """A Western single-byte charset decodes anything: UTF-8 and other scripts sent under its name."""
    return strictly(raw, "utf-8") is not None or written_in_words(raw) or is_dense(raw)


def _as_browsers_do(raw: bytes) -> str:
    """cp1252 with its five undefined bytes as the C1 controls of latin-1."""
    return "".join(_CP1252[byte] for byte in raw)


_CP1252 = [
    chr(byte) if byte in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes((byte,)).decode("cp1252") for byte in range(256)
]
