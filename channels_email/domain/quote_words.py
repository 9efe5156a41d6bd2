"""The vocabulary in which mail programs quote, in the languages of their users. Data only; lower case throughout.

Collected from the programs themselves: Outlook and Exchange (desktop, web, mobile, Mac), Gmail and Inbox, Apple and iOS
Mail, Thunderbird, Yahoo, Windows Mail, Zimbra, Lotus Notes, GroupWise, Samsung and other Android mail, BlackBerry,
GMX, Web.de, Free and Orange, Libero, mail.ru and Yandex, QQ, NetEase and Foxmail, Naver, Proton, Zoho, Spark.
"""

# "On <date>, <name> wrote:" - the verb by which such a line is known.
WROTE = (
    "wrote", "writes", "said", "has written", "wrote the following", "said the following", "a dit", "sagte",
    "dijo", "ha detto", "disse", "sade", "schrieb", "schrieb am", "hat geschrieben", "schrieb folgendes",
    "geschrieben", "a écrit", "a ecrit", "écrit", "a wrote", "escribió", "escribio", "ha escrito", "ha scritto",
    "scrive", "scritto", "escreveu", "a écris", "escreve", "schreef", "het volgende geschreven",
    "heeft geschreven", "heeft het volgende geschreven", "napisał", "napisała", "napisał(a)", "napisal",
    "napisal(a)", "pisze", "wiadomość napisana przez", "napisano", "skrev", "skrev följande", "skrev følgende",
    "har skrevet", "kirjoitti", "napsal", "napsal(a)", "napsala", "napísal", "napísal(a)", "píše", "írta",
    "ezt írta", "a következőt írta", "keltezéssel", "a scris", "scris", "пишет", "написал", "написала",
    "написал(а)", "писал", "писал(а)", "пишете", "пише", "написав", "написав(ла)", "пишуть", "написа", "έγραψε",
    "έγραψαν", "yazdı", "şunu yazdı", "şunları yazdı", "tarihinde şunu yazdı", "va escriure", "ha escrit",
    "escrigué", "je napisao", "je napisala", "je napisao/la", "napisao je", "је написао", "је написао/ла",
    "piše", "je napisal", "rašė", "parašė", "rakstīja", "kirjutas", "đã viết", "menulis", "telah menulis",
    "เขียนว่า", "เขียน", "כתב", "כתבה", "כתב/ה", "מאת", "كتب", "كتبت", "نوشت", "写道", "寫道", "写到", "寫到",
    "のメッセージ", "のメール", "さんは書きました", "は書きました", "書きました", "さんが書きました", "작성",
    "님이 작성", "님께서 작성", "님이 쓴 글", "씀", "님의 말", "쓴 글", "이(가) 쓴 글", "님이 쓴 메시지",
    "napisał/a", "napisala", "je napisal(a)", "napisal/a", "je napísal(a)", "kirjutas:", "skrifaði", "escribiu",
    "idatzi du", "idatzi zuen", "ysgrifennodd", "scríobh", "skryf", "het geskryf", "rakstījis", "rašo", "піша",
    "напісаў", "напиша", "пишува", "shkroi", "ने लिखा", "लिखा", "লিখেছেন", "எழுதியது", "రాశారు", "ਨੇ ਲਿਖਿਆ",
    "sumulat si", "aliandika", "menulis:", "skrev den", "tarihinde yazdı", "se napisal", "folgendes geschrieben",
    "hat folgendes geschrieben", "escribió lo siguiente", "escrito", "a écrit ce", "đã viết lời sau", "كتب/كتبت",
    "تمت كتابة ما يلي بواسطة", "نوشته", "נכתב על ידי", "さんからのメール", "さん wrote", "さんのメール",
    "さんのメッセージ", "wrote on", "schreibt",
)  # fmt: skip

# The same without a verb at the end: "Quoting <name>:", "You wrote on <date>:".
QUOTING = (
    "quoting", "zitat von", "zitiere", "citando", "citando a", "citat de", "citation de", "citazione di",
    "cita de", "citaat van", "citat från", "citat fra", "cytat od", "cytuję", "citace od", "idézet", "цитирую",
    "цитата от", "en réponse à", "in reply to", "in risposta a", "antwort auf", "en respuesta a",
    "em resposta a",
)  # fmt: skip
YOU_WROTE = (
    "you wrote", "вы писали", "вы написали", "ви писали", "du schriebst", "sie schrieben", "vous avez écrit",
    "vous écriviez", "usted escribió", "ha scritto lei", "você escreveu", "u schreef", "pisał pan", "napisałeś",
    "you wrote to", "du skrev", "te írtad",
)  # fmt: skip

# Words that such a line begins with; a weekday, a month or a digit does it too.
BEGINS = (
    "on", "in", "am", "le", "el", "il", "il giorno", "em", "no dia", "a", "op", "w dniu", "dnia", "den", "dne",
    "dňa", "dana", "în", "in data", "pe", "on date", "στις", "at", "vào", "pada", "wiadomość", "в", "у", "на",
    "date", "cuando", "ob", "בתאריך", "ב-", "في", "在", "於", "于", "message", "kuupäeval", "kl.", "ng", "noong",
    "þann", "o", "ás", "v", "vo", "ar", "hau", "ngày", "ในวันที่", "วันที่", "เมื่อ", "در", "ב", "tarih", "om",
    "w", "u", "kontakt", "aktualnie",
)  # fmt: skip

# The same where they are written together with the next word.
BEGINS_GLUED = ("ב", "ل", "في", "在", "於", "于")

WEEKDAYS_AND_MONTHS = (
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
    "sep", "oct", "nov", "dec", "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonntag", "lun", "mer", "jeu", "ven", "sam", "dim", "lunes", "martes",
    "mié", "jue", "vie", "sáb", "dom", "seg", "ter", "qua", "qui", "sex", "gio", "maandag", "dinsdag",
    "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "pon", "wt", "śr", "czw", "pt", "sob", "niedz",
    "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela", "mån", "tis", "ons", "tor",
    "tors", "fre", "lör", "sön", "man", "tir", "lør", "søn", "ma", "ti", "ke", "to", "pe", "la", "su", "пн",
    "вт", "ср", "чт", "пт", "сб", "вс", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота",
    "воскресенье", "нд", "понеділок", "вівторок", "середа", "четвер", "п'ятниця", "субота", "неділя", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april",
    "june", "july", "august", "september", "october", "november", "december", "januar", "februar", "märz", "mai",
    "juni", "juli", "oktober", "dezember", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi",
    "dimanche", "janvier", "février", "mars", "avril", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
    "septiembre", "octubre", "noviembre", "diciembre", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì",
    "sabato", "domenica", "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre",
    "dicembre", "segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo", "segunda-feira",
    "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "janeiro", "fevereiro", "março", "maio",
    "junho", "julho", "setembro", "outubro", "novembro", "dezembro", "miércoles", "jueves", "viernes", "januari",
    "februari", "maart", "mei", "augustus", "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
    "lipca", "sierpnia", "września", "października", "listopada", "grudnia", "måndag", "tisdag", "onsdag",
    "torsdag", "fredag", "lördag", "söndag", "mandag", "tirsdag", "lørdag", "søndag", "augusti", "maj", "января",
    "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
    "січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня",
    "листопада", "грудня", "ponedjeljak", "uto", "utorak", "torek", "sri", "čet", "pet", "ned", "kedd", "hétfő",
    "szerda", "csütörtök", "péntek", "szombat", "vasárnap", "lun.", "joi", "vin", "marți", "miercuri", "вто",
    "сря", "пон", "уто", "чет", "пет", "съб", "нед", "τρί", "δευ", "τετ", "πέμ", "παρ", "σάβ", "κυρ", "ut",
    "otrd", "пят", "pirmd", "trešd", "ceturtd", "piektd", "an", "tr", "kt", "pn", "sel", "rab", "kam", "jum",
    "sab", "min", "dt", "dl", "dc", "dj", "dv", "ds", "dg", "esmaspäev", "teisipäev", "stř", "pát", "pá", "thg",
    "pzt", "sal", "çar", "per", "cum", "cmt", "paz", "po", "út", "st", "čt", "ne",
)  # fmt: skip

# Subjects of forwarded mail.
FORWARD_PREFIXES = (
    "fwd", "fw", "wg", "tr", "rv", "i", "enc", "doorst", "pd", "vb", "vl", "továbbítás", "fs", "ilt", "yml",
    "πρθ", "reenv", "trs", "转发", "轉寄", "转寄", "轉發", "전달", "転送", "הועבר", "إعادة توجيه", "пересл",
)  # fmt: skip

# Subjects of answers.
ANSWER_PREFIXES = (
    "re", "aw", "antw", "antwort", "antwort an", "sv", "svar", "vs", "vá", "odp", "odpověď", "ref", "rif", "r",
    "res", "resp", "ynt", "yan", "cvb", "απ", "σχετ", "atb", "blś", "ats", "на", "отв", "ответ", "отн", "відп",
    "回复", "回覆", "答复", "答覆", "返信", "회신", "답장", "re回复", "השב", "تعليق", "رد", "trả lời", "bls",
    "odg",
)  # fmt: skip
