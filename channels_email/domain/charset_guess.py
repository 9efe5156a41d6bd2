"""Which charset are these bytes in, when nobody said so: by the letters that each charset would make of them."""

import codecs
import re
from collections.abc import Callable

from charset_normalizer import from_bytes

_SAMPLE = 8_000  # bytes looked at: more changes no guess and costs time
_CONVINCING = 0.55
_ESCAPED_JAPANESE = re.compile(rb"\x1b(?:\$[@B(]|\([IJ])")
_ESCAPED_KOREAN = re.compile(rb"\x1b\$\)C")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def guess(raw: bytes) -> tuple[str, str]:
    """Text and Python's name of the charset that `raw` most probably is in. Never raises; bytes that fit nothing
    become U+FFFD.
    """
    for mark, codec in _MARKS:
        if raw.startswith(mark) and (text := strictly(raw, codec)) is not None:
            return text, codec.removesuffix("-sig")
    if b"\x1b" in raw:
        if _ESCAPED_KOREAN.search(raw):
            return raw.decode("iso2022_kr", "replace"), "iso2022_kr"
        if _ESCAPED_JAPANESE.search(raw):
            return raw.decode("iso2022_jp_ext", "replace"), "iso2022_jp_ext"
    if (text := strictly(raw, "utf-8")) is not None:
        return text, "utf-8"
    sample = raw[:_SAMPLE]
    if len(raw) > _SAMPLE:  # the cut may fall within a letter; line ends never do
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    best = max(_WEIGHTS, key=lambda codec: _score(sample, codec))
    if _score(sample, best) < _CONVINCING:
        if sum(map(len, _HIGH_RUN.findall(sample))) * 10 < len(sample) and _almost_utf8(sample):
            best = "utf-8"
        else:
            found = from_bytes(sample[:2_000], steps=3, chunk_size=256).best()
            best = found.encoding if found is not None else "cp1252"
    return raw.decode(best, "replace"), best


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
    if not foreign:
        return 0.0
    weight, latin = _WEIGHTS[codec]
    fits = 0.5 if latin == written_in_words(sample) else 1.0
    return fits * sum(map(weight, foreign)) / len(foreign)


def _letters(codec: str, usual: str, *, common: float, rest: float) -> Callable[[str], float]:
    """Weight of a letter: those of everyday texts first, then those of the small old charset `codec`."""
    often = frozenset(usual)

    def weigh(letter: str) -> float:
        if letter in often:
            return common
        try:
            letter.encode(codec)
        except UnicodeEncodeError:
            return 0.1
        return rest

    return weigh


def _japanese(letter: str) -> float:
    if "\uff61" <= letter <= "\uff9f":  # half-width kana: what other charsets look like when read as Shift_JIS
        return 0.1
    if "\u3040" <= letter <= "\u30ff" or letter in "、。「」ー！？（）":
        return 1.0
    return 0.65 if "\u4e00" <= letter <= "\u9fff" else 0.0


def _cyrillic(letter: str) -> float:
    small = letter.lower()
    if not "\u0430" <= small <= "\u045f":
        return 0.3 if letter in "«»–—№…“”’" else -0.5
    weight = 1.0 if small in "оеаинтсрвл" else 0.8 if small in "кмдпуяыьзбгй" else 0.5 if small <= "я" else 0.35
    return weight if letter == small else weight - 0.05


def _greek(letter: str) -> float:
    if letter in "αιοετσςνρπκμληυίάόέή":
        return 0.95
    return 0.5 if "\u0370" <= letter <= "\u03ff" else -0.3


def _of(letters: str) -> Callable[[str], float]:
    often = frozenset(letters + letters.upper() + "€–—’‘“”„…«»°·©®\u00a0§")
    return lambda letter: 0.9 if letter in often else -0.2


_HAN = (
    "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于着下自之年过過发發后後作里用道行"
    "所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實日您请請谢"
    "謝订訂单單号號问問题題件邮郵收货貨退款客服务務联聯系電电话話买買付产產品公司先女士，。！？、：；（）“”《》"
)
# Per charset: weight of a letter, and whether its letters stand singly among ASCII ones (Latin script).
_WEIGHTS: dict[str, tuple[Callable[[str], float], bool]] = {
    "cp932": (_japanese, False),
    "euc_jp": (_japanese, False),
    "gb18030": (_letters("gb2312", _HAN, common=1.1, rest=0.6), False),
    "big5hkscs": (_letters("big5", _HAN, common=1.1, rest=0.55), False),
    "cp949": (_letters("euc_kr", "이다니는가요을를은에고하한지의로기습안서도사", common=1.2, rest=0.7), False),
    "cp1251": (_cyrillic, False),
    "koi8_u": (_cyrillic, False),
    "iso8859_5": (_cyrillic, False),
    "cp866": (_cyrillic, False),
    "cp1253": (_greek, False),
    "cp1252": (_of("äöüßéèêëàâáçñíóúôîïûùõãåæøœ¿¡"), True),
    "cp1250": (_of("ąćęłńóśźżáčďéěíňřšťúůýžôľőűäöüß"), True),
    "iso8859_2": (_of("ąćęłńóśźżáčďéěíňřšťúůýžôľőűäöüß"), True),
    "cp1254": (_of("ışğİçöüâ"), True),
}
