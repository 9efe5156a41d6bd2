"""The line "Sent from my telephone", in the languages of telephones."""

import re

from channels_email.domain import sent_from_words as words

MAX_LENGTH = 140
_AROUND = " \t*_<>[]()|\xa0-–—―.。!\u200b\u200e\u200f"
_LINKS = re.compile(r"<?https?://[^\s>]+>?|<[^<>\s]*>|\[[^\]]*\]|\([^)]*\)|\S+\.\w{2,4}/\S*|[®™©]")
_EXCUSE = re.compile(
    r"(?:[,.;–-]\s*|\band\s+|\bso\s+)*(?:please |so please |bitte |veuillez |s'il vous pla[iî]t |por favor |"
    r"désolé|sorry|excuse|excusez|entschuldig|pardon|disculp|scusa|desculp|excuus|ursäkta|undskyld|beklager|"
    r"enjoy secure|apologi|may contain|can contain|forgive).*$"
)
_SENTENCE = re.compile(r"[;!?]|,(?! ?(?:samsung|lg|htc|a |an |the ))|\.\s")
_DEVICE = re.compile(
    r"iphon|ipad|ipod|android|samsung|galaxy|huawei|honor|xiaomi|redmi|oppo|vivo|oneplus|pixel|xperia|sony|nokia|lumia|htc|"
    r"motorola|\blg\b|blackberry|windows|outlook|\w?mail\b|yahoo|proton|spark|smartphone|smarttelefon|téléphone|tele[fp][oó]n|"
    r"\bphone|mobil|móvil|handy|tablet|device|gerät|appareil|appli|\bapps?\b|aplica|приложен|почт|пошт|мобильн|смартфон|"
    r"телефон|手机|手機|邮箱|郵件|邮件|携帯|スマートフォン|アプリ|メール|휴대|메일|핸드폰|телефона|courrier|correo|correio|posta|pošt|"
    r"e-post|poczt|aol|gmail|tuta|k-9|watch|mac\b|macbook|unterwegs|désolé|נייד|iphone'umdan|الهاتف|ไอโฟน|"
    r"โทรศัพท์|điện thoại"
)
_MINE = re.compile(
    r"\b(?:my|mein\w*|mon|ma|mi|mio|meu|minha|mijn|min|mitt|mój|mojego|mého|moj\w*|моего|мого|的|の)\b|我的"
)
_WITHOUT_BLANKS = re.compile(r"[\u0e00-\u0e7f\u3040-\u9fff]")
_PRODUCT = re.compile(r"Sent from(?: [A-Z0-9][\w.®™-]*){1,4}")
_ALONE = frozenset(
    {"unterwegs gesendet", "von unterwegs gesendet", "mobil gesendet", "sent from mobile", "sent on the go"}
)


def is_device_line(line: str) -> bool:
    """Whether it is "Sent from my telephone": a short line that is no sentence and names a device or a program."""
    low = line.strip(_AROUND).lower().replace("’", "'").replace("yahoo!", "yahoo")
    if not low or len(low) > MAX_LENGTH:
        return False
    begins = low.startswith(words.SENT_FROM)
    if not begins and "<" not in low and "http" not in low and not low.endswith(words.SENT_FROM_ENDS):
        return False
    bare = " ".join(_EXCUSE.sub("", _LINKS.sub(" ", low)).split()).strip(_AROUND + ":,")
    if _PRODUCT.fullmatch(line.strip(_AROUND)):
        return True
    return (begins or bare.endswith(words.SENT_FROM_ENDS)) and _is_device(bare, begins=begins)


def _is_device(bare: str, *, begins: bool) -> bool:
    if bare in _ALONE:
        return True
    length = len(bare.split())
    if length > 12 or _SENTENCE.search(bare):
        return False
    spoken = begins and not _WITHOUT_BLANKS.search(bare)
    mine = spoken and (length <= 4 or (length <= 9 and _MINE.search(bare)))
    return bool(mine or _DEVICE.search(bare))
