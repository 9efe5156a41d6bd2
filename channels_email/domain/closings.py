"""The "best regards" of letters, in the languages of customers."""

_CLOSINGS = frozenset(
    [
        "best regards", "kind regards", "regards", "best", "sincerely", "yours sincerely", "yours faithfully",
        "cheers", "thanks", "thank you", "many thanks", "warm regards", "best wishes", "thanks and regards",
        "thanks & regards", "with best regards", "with kind regards", "kindest regards", "warmest regards",
        "yours truly", "all the best", "thanks in advance", "sincerely yours", "respectfully", "br", "rgds",
        "thx", "with regards", "thanks again", "mit freundlichen grüßen", "mit freundlichem gruß",
        "freundliche grüße", "viele grüße", "liebe grüße", "beste grüße", "mfg", "lg", "vg", "gruß", "grüße",
        "mit besten grüßen", "herzliche grüße", "schöne grüße", "mit freundlichen grüssen", "freundliche grüsse",
        "liebe grüsse", "beste grüsse", "mit freundlichen gruessen", "viele gruesse", "hochachtungsvoll",
        "vielen dank", "danke", "besten dank", "i.a", "i.v", "cordialement", "bien cordialement", "salutations",
        "sincères salutations", "bien à vous", "cdlt", "merci", "meilleures salutations",
        "salutations distinguées", "bonne journée", "très cordialement", "amicalement", "saludos", "un saludo",
        "saludos cordiales", "atentamente", "un cordial saludo", "gracias", "muchas gracias", "atte",
        "quedo a la espera", "cordialmente", "un abrazo", "cordiali saluti", "distinti saluti", "saluti",
        "grazie", "un cordiale saluto", "buona giornata", "atenciosamente", "cumprimentos",
        "com os melhores cumprimentos", "abraços", "att", "obrigado", "obrigada", "melhores cumprimentos",
        "grato", "grata", "abs", "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet",
        "groeten", "groetjes", "mvg", "hartelijke groet", "bedankt", "groet", "med vänlig hälsning",
        "med vänliga hälsningar", "vänliga hälsningar", "mvh", "hälsningar", "vänligen", "tack",
        "med venlig hilsen", "venlig hilsen", "med vennlig hilsen", "vennlig hilsen", "hilsen", "vh",
        "de bedste hilsner", "ystävällisin terveisin", "terveisin", "terv", "kiitos", "pozdrawiam",
        "z poważaniem", "pozdrowienia", "dziękuję", "s pozdravem", "s pozdravom", "děkuji", "hezký den",
        "s úctou", "üdvözlettel", "tisztelettel", "köszönettel", "cu respect", "cu stimă", "mulțumesc",
        "o zi bună", "с уважением", "с наилучшими пожеланиями", "спасибо", "з повагою", "дякую", "с уважение",
        "поздрави", "με εκτίμηση", "ευχαριστώ", "saygılarımla", "iyi çalışmalar", "teşekkürler",
        "srdačan pozdrav", "lp", "lijep pozdrav", "lep pozdrav", "lugupidamisega", "ar cieņu", "pagarbiai",
        "よろしくお願いいたします", "よろしくお願いします", "以上、よろしくお願いいたします", "以上", "敬具",
        "此致", "顺祝商祺", "祝好", "谢谢", "謝謝", "敬上", "감사합니다", "감사합니다.", "בברכה", "תודה",
        "مع التحية", "شكرا", "مع أطيب التحيات", "trân trọng", "hormat saya", "salam", "terima kasih",
        "ขอบคุณครับ", "ขอบคุณค่ะ",
    ]
)  # fmt: skip


def is_closing(line: str) -> bool:
    """Whether a line is nothing but such a phrase."""
    return line.strip(" \t,.!*_;，。！-–\xa0").lower() in _CLOSINGS
