"""How usual a letter is in the languages written in a charset: from -0.5 (never) to about 1 (in every word)."""

from collections.abc import Callable, Sequence

_PUNCTUATION = "€–—’‘“”„…«»°·©®\u00a0§“"
_HAN = (
    "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于着下自之年过過发發后後作里用道行"
    "所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實日您请請谢"
    "謝订訂单單号號问問题題件邮郵收货貨退款客服务務联聯系電电话話买買付产產品公司先女士，。！？、：；（）“”《》"
)


def _chinese(codec: str, *, rest: float) -> Callable[[str], float]:
    """Those of everyday texts first, then those of the small old charset `codec`."""
    often = frozenset(_HAN)

    def weigh(letter: str) -> float:
        if letter in often:
            return 1.1
        return rest if _is_in(letter, codec) else 0.1

    return weigh


def _korean(letter: str) -> float:
    if letter in "이다니는가요을를은에고하한지의로기습안서도사":
        return 1.2
    return 0.7 if _is_in(letter, "euc_kr") else 0.1


def _is_in(letter: str, codec: str) -> bool:
    try:
        letter.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _japanese(letter: str) -> float:
    if "\uff61" <= letter <= "\uff9f":  # half-width kana: what other charsets look like when read as Shift_JIS
        return 0.1
    if "\u3040" <= letter <= "\u30ff" or letter in "、。「」ー！？（）":
        return 1.0
    return 0.65 if "\u4e00" <= letter <= "\u9fff" else 0.0


def _cyrillic(letter: str) -> float:
    small = letter.lower()
    if not "\u0430" <= small <= "\u045f" and small != "ґ":
        return 0.3 if letter in "«»–—№…“”’" else -0.5
    weight = 1.0 if small in "оеаинтсрвлк" else 0.8 if small in "мдпуяыьзбгйіїє" else 0.5 if small <= "я" else 0.35
    return weight if letter == small else weight - 0.05


def _greek(letter: str) -> float:
    if letter in "αιοετσςνρπκμληυίάόέή":
        return 0.95
    return 0.5 if "\u0370" <= letter <= "\u03ff" else -0.3


def _hebrew(letter: str) -> float:
    if letter in "יוהלאמרתנבשםן":
        return 1.0
    return 0.75 if "\u05d0" <= letter <= "\u05ea" else 0.2 if letter in _PUNCTUATION + "₪" else -0.3


def _arabic(letter: str) -> float:
    if letter in "اليمنتروبهدعسفكحقةأى":
        return 1.0
    return 0.75 if "\u0621" <= letter <= "\u064a" or letter in "،؟؛" else 0.1


def _thai(letter: str) -> float:
    if letter in "านรกเ่อยวมลทสงดคตปบพหใจขชี้ิ์ัไแ":
        return 0.98
    if letter in "ฃฅฆฌฎฏฐฑฒฮฯ๏๐๑๒๓๔๕๖๗๘๙๚๛":
        return 0.1
    return 0.7 if "\u0e01" <= letter <= "\u0e4d" else -0.3


def _latin(*alphabets: str) -> Callable[[Sequence[str]], float]:
    """One of the languages must explain all letters together: half of one and half of another is no text."""
    sets = [frozenset(letters + letters.upper() + _PUNCTUATION) for letters in alphabets]

    def weigh(letters: Sequence[str]) -> float:
        usual = max(sum(letter in often for letter in letters) for often in sets)
        return (0.9 * usual - 0.2 * (len(letters) - usual)) / len(letters)

    return weigh


def _each(weight: Callable[[str], float]) -> Callable[[Sequence[str]], float]:
    return lambda letters: sum(map(weight, letters)) / len(letters)


_MIDDLE = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíľĺňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "äöüß")
# Per charset the weight of all foreign letters of a text, and whether they stand singly among ASCII ones (Latin
# script). Of equals the first is taken.
WEIGHTS: dict[str, tuple[Callable[[Sequence[str]], float], bool]] = {
    "cp932": (_each(_japanese), False),
    "euc_jp": (_each(_japanese), False),
    "gb18030": (_each(_chinese("gb2312", rest=0.6)), False),
    "big5hkscs": (_each(_chinese("big5", rest=0.55)), False),
    "cp949": (_each(_korean), False),
    "cp1251": (_each(_cyrillic), False),
    "koi8_u": (_each(_cyrillic), False),
    "iso8859_5": (_each(_cyrillic), False),
    "cp866": (_each(_cyrillic), False),
    "cp1253": (_each(_greek), False),
    "cp1255": (_each(_hebrew), False),
    "cp1256": (_each(_arabic), False),
    "cp874": (_each(_thai), False),
    "cp1252": (
        _latin(
            "äöüß", "àâäçéèêëîïôöùûüœ", "áéíñóúü¿¡ªº", "ãáàâçéêíóôõú", "àèéìòù", "åäöæøé", "áéíóúýþæöð", "áàéèíïóòúüç"
        ),
        True,
    ),
    "cp1250": (_latin(*_MIDDLE), True),
    "iso8859_2": (_latin(*_MIDDLE), True),
    "cp1254": (_latin("çğıöşüâîİ"), True),
    "cp1257": (_latin("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"), True),
}
