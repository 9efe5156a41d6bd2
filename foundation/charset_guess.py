"""Which charset are these bytes in, when nobody said so: by the letters that each charset would make of them."""

import codecs
import re

from charset_normalizer import from_bytes

from foundation.charset_letters import WEIGHTS

_SAMPLE = 8_000  # bytes looked at: more changes no guess and costs time
_CONVINCING = 0.55
_ESCAPED_JAPANESE = re.compile(rb"\x1b(?:\$[@B(]|\([IJ])")
_ESCAPED_KOREAN = re.compile(rb"\x1b\$\)C")
_HZ = re.compile(rb"~\{(?:[!-w][!-~]){2,}~\}")
_CAPITAL_WITHIN = re.compile(r"[а-я][А-Я]")
_FINAL_WITHIN = re.compile(r"[ךםןףץ][א-ת]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def guess(raw: bytes) -> tuple[str, str]:
    """Text and Python's name of the charset that `raw` most probably is in. Never raises; bytes that fit nothing
    become U+FFFD.
    """
    if (plain := _marked(raw)) is not None:
        return plain
    if (text := strictly(raw, "utf-8")) is not None:
        return text, "utf-8"
    sample = raw[:_SAMPLE]
    if len(raw) > _SAMPLE:  # the cut may fall within a letter; line ends never do
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    best = by_letters(sample)
    if not best:
        if sum(map(len, _HIGH_RUN.findall(sample))) * 10 < len(sample) and _almost_utf8(sample):
            best = "utf-8"
        else:
            found = from_bytes(sample[:2_000], steps=3, chunk_size=256).best()
            best = found.encoding if found is not None else "cp1252"
    return raw.decode(best, "replace"), best


def by_letters(sample: bytes) -> str:
    """Python's name of the charset in which the letters beyond ASCII look most like a language; '' where in none."""
    best = max(WEIGHTS, key=lambda codec: _score(sample, codec))
    return best if _score(sample, best) >= _CONVINCING else ""


def _marked(raw: bytes) -> tuple[str, str] | None:
    """What a byte order mark or a shift sequence says."""
    for mark, codec in _MARKS:
        if raw.startswith(mark) and (text := strictly(raw, codec)) is not None:
            return text, codec.removesuffix("-sig")
    if not is_shifted(raw):
        return None
    if b"\x1b" not in raw:
        return raw.decode("hz", "replace"), "hz"
    codec = "iso2022_kr" if _ESCAPED_KOREAN.search(raw) else "iso2022_jp_ext"
    return raw.decode(codec, "replace"), codec


def is_shifted(raw: bytes) -> bool:
    """Whether ASCII bytes hold Japanese, Korean or Chinese between shift sequences (ISO-2022, HZ)."""
    if b"\x1b" in raw:
        return _ESCAPED_JAPANESE.search(raw) is not None or _ESCAPED_KOREAN.search(raw) is not None
    return b"~{" in raw and raw.isascii() and _HZ.search(raw) is not None


def is_dense(raw: bytes) -> bool:
    """Whether more than a quarter of the bytes are high, which no Latin script has."""
    sample = raw[:_SAMPLE]
    return sum(map(len, _HIGH_RUN.findall(sample))) * 4 > len(sample)


def strictly(raw: bytes, codec: str) -> str | None:
    """Text of `raw` when every byte of it is right in `codec`."""
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def written_in_words(raw: bytes) -> bool:
    """Whether most high bytes stand in whole words, as in scripts other than Latin, and not as single letters."""
    runs = [len(run) for run in _HIGH_RUN.findall(raw[:_SAMPLE])]
    return sum(length for length in runs if length >= 4) * 2 > sum(runs)


def _almost_utf8(sample: bytes) -> bool:
    """UTF-8 with a few bytes damaged on the way: most high runs are still right."""
    damaged = sample.decode("utf-8", "replace").count("\ufffd")
    return damaged * 4 < sum(1 for _ in _HIGH_RUN.finditer(sample))


def _score(sample: bytes, codec: str) -> float:
    """How much the letters beyond ASCII look like the languages written in `codec`: 0 (cannot be) to about 1."""
    text = strictly(sample, codec)
    foreign = [letter for letter in text or "" if letter > "\x7f"]
    if text is None or not foreign:
        return 0.0
    weight, latin = WEIGHTS[codec]
    fits = 0.5 if latin == written_in_words(sample) else 1.0
    odd = len(_CAPITAL_WITHIN.findall(text)) + len(_FINAL_WITHIN.findall(text)) if not latin else 0
    return fits * (weight(foreign) - odd / len(foreign))
