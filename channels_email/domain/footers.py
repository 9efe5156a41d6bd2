"""What companies, list servers and virus scanners put under a mail: paragraphs that nobody wrote."""

import re
from collections.abc import Sequence

_MAX_PARAGRAPH = 4_000  # characters that are looked at
_I = ("i ", "we ", "ich ", "wir ", "je ", "nous ", "yo ", "io ", "eu ", "ik ", "wij ", "jag ", "vi ", "я ", "мы ")
_SHORTEST_NOTICE = 60
_PARAGRAPHS = 12  # from the end
_RULER = re.compile(r"\s*(?:[_=*~#–—─━-]\s?){5,}\s*$")
# Two of these in one paragraph, in lower case: a legal notice.
_NOTICE = (
    "confidenti", "privileged", "intended recipient", "intended only", "intended solely", "notify the sender",
    "unauthorised", "unauthorized", "legally protected", "disclaimer", "delete it", "delete this", "this e-mail",
    "this email", "this message", "vertraulich", "rechtlich geschützt", "richtige adressat", "richtiger adressat",
    "beabsichtigte empfänger", "vorgesehene empfänger", "adressat", "diese e-mail", "diese nachricht", "unbefugt",
    "handelsregister", "amtsgericht", "registergericht", "geschäftsführer", "geschäftsführung", "sitz der gesellschaft",
    "ust-id", "ustid", "vernichten sie", "ce message", "ce courriel", "ce mail", "confidentiel", "destinataire",
    "pièces jointes", "intention exclusive", "este mensaje", "este correo", "este e-mail", "este email", "confidencial",
    "destinatario", "destinatário", "uso exclusivo", "esta mensagem", "questo messaggio", "questa e-mail",
    "questa email", "riservat", "ai sensi", "dit bericht", "deze e-mail", "deze email", "vertrouwelijk",
    "geadresseerde", "uitsluitend bestemd", "ta wiadomość", "niniejsza wiadomość", "poufn", "konfidentiell",
    "konfidensiell", "fortrolig", "mottagare", "luottamuksell", "důvěrn", "tato zpráva", "bizalmas", "конфиденциальн",
    "данное сообщение", "адресат", "gizli", "bu e-posta", "εμπιστευτικ", "本邮件", "保密", "機密", "기밀",
)  # fmt: skip
# Whether it is worth looking for one of the phrases below.
_STEMS = (
    "virus", "viren", "avast", "avg.", "environment", "print", "save a tree", "save paper", "umwelt", "drucken",
    "imprim", "stampare", "milieu", "miljön", "subscribed", "receiving this", "reply to this e", "unsubscribe",
    "mailing list", "listinfo", "registered", "company",
)  # fmt: skip
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
    re.MULTILINE,
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
        within = 0 if ruler else next((n for n, line in enumerate(body) if _begins_footer(line)), 0)
        end = start + within
        if within:
            break
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
    low = paragraph.lower()
    if low.lstrip().startswith(_I):
        return False
    if any(stem in low for stem in _STEMS) and _FOOTER.search(low):
        return True
    return len(low) >= _SHORTEST_NOTICE and sum(1 for stem in _NOTICE if stem in low) >= 2


def _begins_footer(line: str) -> bool:
    low = line[:_MAX_PARAGRAPH].lower()
    return any(stem in low for stem in _NOTICE) or any(stem in low for stem in _STEMS)
