"""Where somebody's own words end and the signature begins."""

import re
from collections.abc import Sequence

from channels_email.domain import quote_words as words

_DELIMITER = re.compile(r"\s{0,3}(?:--|—|–|__|-- ?-|\*--\*)\s*$")
_FOOTER = re.compile(r"\s*[_=*~#-]{8,}\s*$")
_FOOTER_WORDS = re.compile(
    r"mailing list|mailman|listinfo|unsubscribe|abmelden|désinscri|désabonner|to post to this group|google groups|"
    r"confidential|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk|poufn|intended (?:only|solely)|"
    r"this e-?mail|diese e-?mail|ce (?:message|courriel)|este (?:mensaje|correo)|questo messaggio|virus|avast|avg\b",
    re.IGNORECASE,
)
_DASHED_NAME = re.compile(r"\s{0,3}[-–—~]{1,2} ?[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,3}\s*$")
_SENTENCE = re.compile(r"[,;!?]|\.\s")
_CONTACT = re.compile(
    r"(?:\b(?:tel|phone|fax|mobile?|cell|tél|téléphone|telefon|telefono|teléfono|handy|gsm|direct|m|t|p|f|ph)\b\.?\s*[:.]?\s*)?"
    r"\+?\(?\d[\d ().\-/]{7,20}\d|https?://|\bwww\.|[\w.+-]{1,60}@[\w-]{1,60}\.\w|"
    r"\b(?:gmbh|ltd|inc|llc|s\.?a\.?r\.?l|b\.v|s\.p\.a|ag)\b",
    re.IGNORECASE,
)
_CLOSINGS = (
    "best regards", "kind regards", "regards", "best", "sincerely", "yours sincerely", "yours faithfully", "cheers",
    "thanks", "thank you", "many thanks", "warm regards", "best wishes", "thanks and regards",
    "mit freundlichen grüßen", "mit freundlichem gruß", "freundliche grüße", "viele grüße", "liebe grüße",
    "beste grüße", "mfg", "lg", "vg", "gruß", "grüße", "cordialement", "bien cordialement", "salutations",
    "sincères salutations", "bien à vous", "saludos", "un saludo", "saludos cordiales", "atentamente",
    "cordiali saluti", "distinti saluti", "saluti", "atenciosamente", "cumprimentos", "com os melhores cumprimentos",
    "abraços", "met vriendelijke groet", "vriendelijke groet", "groeten", "groetjes", "mvg", "med vänlig hälsning",
    "vänliga hälsningar", "mvh", "med venlig hilsen", "venlig hilsen", "med vennlig hilsen", "vennlig hilsen",
    "hilsen", "ystävällisin terveisin", "terveisin", "pozdrawiam", "z poważaniem", "s pozdravem", "s pozdravom",
    "üdvözlettel", "cu respect", "с уважением", "з повагою", "με εκτίμηση", "saygılarımla",
    "よろしくお願いいたします", "よろしくお願いします", "此致", "顺祝商祺", "감사합니다",
)  # fmt: skip
_CLOSING = frozenset(_CLOSINGS)
_FROM_END = 12  # lines from the end within which a signature without delimiter is looked for


def split_signature(lines: Sequence[str], *, alone: bool) -> tuple[list[str], list[str]]:
    """Own words and signature of a stretch of text, by the delimiter of RFC 3676, by "Sent from my …", by list footers
    and disclaimers behind a ruler, by a dashed name or by contact details behind a closing.

    `alone`: there is no other text in the mail, so something must remain as words.
    """
    lines = _trimmed(lines)
    at = min(_by_delimiter(lines), _by_device(lines), _by_footer(lines))
    kept = _trimmed(lines[:at])
    named = min(_by_name(kept), _by_contact(kept))
    at = named if named < len(kept) else at
    own = _trimmed(lines[:at])
    if alone and not own:
        return list(lines), []
    return own, _trimmed(lines[at:])


def is_device_line(line: str) -> bool:
    """Whether it is "Sent from my telephone", in the languages of telephones: a short line that is no sentence."""
    low = line.strip(" \t*_<>[]()\xa0-–").lower().replace("’", "'")
    begins = low.startswith(words.SENT_FROM)
    if not low or len(low) > 110 or not (begins or low.rstrip(".").endswith(words.SENT_FROM_ENDS)):
        return False
    bare = re.sub(r"<?https?://\S+|\[[^\]]*\]|\([^)]*\)", "", low).strip().rstrip(".")
    if len(bare.split()) > 9 or _SENTENCE.search(bare):
        return False
    return begins or _DEVICE.search(bare) is not None


_DEVICE = re.compile(
    r"iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|outlook|mail|blackberry|nokia|windows|smartphone|handy|手机|携帯|phone"
)


def _by_delimiter(lines: Sequence[str]) -> int:
    return next((at for at, line in enumerate(lines) if len(line) < 12 and _DELIMITER.match(line)), len(lines))


def _by_device(lines: Sequence[str]) -> int:
    """The first such line with words over it; what stands under it is history without a mark."""
    words_above = False
    for at, line in enumerate(lines):
        if words_above and len(line) < 130 and is_device_line(line):
            return at
        words_above = words_above or bool(line.strip())
    return len(lines)


def _by_footer(lines: Sequence[str]) -> int:
    for at in range(max(0, len(lines) - 40), len(lines)):
        if len(lines[at]) < 200 and _FOOTER.match(lines[at]):
            below = " ".join(lines[at + 1 : at + 8])[:2_000]
            if _FOOTER_WORDS.search(below):
                return at
    return len(lines)


def _by_name(lines: Sequence[str]) -> int:
    """A last line like "-Ana" or "— Ana Lima" under a paragraph."""
    last = len(lines) - 1
    if last <= 0 or len(lines[last]) >= 60 or not _DASHED_NAME.match(lines[last]):
        return len(lines)
    listed = lines[last - 1].lstrip().startswith(("-", "–", "—", "*", "•"))
    return len(lines) if listed else last


def _by_contact(lines: Sequence[str]) -> int:
    """Contact details under a closing and a name: the closing and the name stay with the words."""
    for at in range(max(0, len(lines) - _FROM_END), len(lines)):
        if len(lines[at]) < 60 and lines[at].strip(" \t,.!*_;").lower() in _CLOSING:
            below = [n for n in range(at + 1, len(lines)) if lines[n].strip()]
            short = len(below) >= 2 and all(len(lines[n]) < 120 for n in below)
            if short and any(_CONTACT.search(lines[n]) for n in below[1:]):
                return below[1]
    return len(lines)


def _trimmed(lines: Sequence[str]) -> list[str]:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return list(lines[start:end])
