"""What companies, list servers and virus scanners put under a mail: paragraphs that nobody wrote."""

import re
from collections.abc import Sequence

_MAX_PARAGRAPH = 4_000  # characters that are looked at
_PARAGRAPHS = 12  # from the end
_RULER = re.compile(r"\s*(?:[_=*~#–—─━-]\s?){5,}\s*$")
# Two of these in one paragraph: a legal notice.
_NOTICE = re.compile(
    r"confidenti\w+|privileged|intended recipient|intended (?:only|solely)|notify the sender|unauthori[sz]ed|"
    r"legally protected|disclaimer|delete (?:it|this)|this e-?mail|this message|"
    r"vertrauliche?\w*|rechtlich geschützt\w*|richtige[rn]? (?:adressat|empfänger)|(?:adressat|empfänger)\b|"
    r"diese e-?mail|"
    r"diese nachricht|unbefugt\w*|handelsregister|amtsgericht|registergericht|geschäftsführ\w+|sitz der gesellschaft|"
    r"ust-?id\w*|hrb \d+|vernichten sie|"
    r"ce (?:message|courriel|mail)|confidentiel\w*|destinataires?|pièces jointes|intention exclusive|"
    r"este (?:mensaje|correo|e-?mail)|confidencial\w*|destinat[aá]rio\w*|uso exclusivo|esta mensagem|"
    r"questo messaggio|questa e-?mail|riservat\w+|confidenziali|(?:ai sensi|d\.? ?lgs)|"
    r"dit bericht|deze e-?mail|vertrouwelijk\w*|geadresseerde\w*|uitsluitend bestemd|"
    r"ta wiadomość|niniejsza wiadomość|poufn\w+|adresat\w*|konfidenti\w+|fortroli\w+|mottagare\w*|luottamuksell\w+|"
    r"důvěrn\w+|bizalmas|конфиденциальн\w+|адресат\w*|gizli\w*|εμπιστευτικ\w+|機密|保密|기밀",
    re.IGNORECASE,
)
# One of these is enough.
_FOOTER = re.compile(
    r"virus-?free\b.{0,40}|virenfrei\b|sans virus\b|libre de virus|privo di virus|livre de v[ií]rus|virusvrij|"
    r"(?:scanned|checked|überprüft|geprüft|analys[eé]|comprob|verifica|gecontroleerd).{0,60}\b(?:virus|viren|avast|avg|malware|"
    r"antivirus)|avast|\bavg\.com|"
    r"consider the environment before|think before you print|before printing this e-?mail|save a tree|save paper|"
    r"denken sie an die umwelt|bevor sie diese e-?mail (?:aus)?drucken|pensez à l'environnement|avant d'imprimer|"
    r"antes de imprimir|prima di stampare|denk aan het milieu|voordat u (?:deze|dit)|tänk på miljön|"
    r"you received this message because you are subscribed|you are receiving this (?:because|e-?mail because)|"
    r"reply to this e-?mail directly,? or view it on|to unsubscribe from this group|"
    r"mailing list\s*$|listinfo/|^registered (?:office|in england)|company (?:number|registration)",
    re.IGNORECASE | re.MULTILINE,
)


def footer_start(lines: Sequence[str]) -> int:
    """The line on which such paragraphs begin at the end of a text, the number of lines where there are none."""
    end = len(lines)
    for _ in range(_PARAGRAPHS):
        start = _paragraph_start(lines, end)
        if start >= end:
            break
        body = lines[start:end]
        ruler = 0
        while ruler < len(body) and (_RULER.match(body[ruler][:200]) or not body[ruler].strip()):
            ruler += 1
        if not _is_footer("\n".join(body[ruler:])[:_MAX_PARAGRAPH]):
            break
        end = start
    while end < len(lines) and end > 0 and (not lines[end - 1].strip() or _RULER.match(lines[end - 1][:200])):
        end -= 1
    return end


def _paragraph_start(lines: Sequence[str], end: int) -> int:
    start = end
    while start and not lines[start - 1].strip():
        start -= 1
    if not start:
        return end
    while start and lines[start - 1].strip():
        start -= 1
    return start


def _is_footer(paragraph: str) -> bool:
    if _FOOTER.search(paragraph):
        return True
    if len(paragraph) < 60:
        return False
    return len({found.lower() for found in _NOTICE.findall(paragraph)}) >= 2
