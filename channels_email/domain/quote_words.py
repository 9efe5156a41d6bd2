"""The vocabulary in which mail programs quote, in the languages of their users. Data only; lower case throughout.

Collected from the programs themselves: Outlook and Exchange (desktop, web, mobile, Mac), Gmail and Inbox, Apple and iOS
Mail, Thunderbird, Yahoo, Windows Mail, Zimbra, Lotus Notes, GroupWise, Samsung and other Android mail, BlackBerry,
GMX, Web.de, Free and Orange, Libero, mail.ru and Yandex, QQ, NetEase and Foxmail, Naver, Proton, Zoho, Spark.
"""

# "On <date>, <name> wrote:" - the verb by which such a line is known.
WROTE = (
    "wrote", "writes", "said", "has written", "wrote the following", "schrieb", "schrieb am", "hat geschrieben",
    "schrieb folgendes", "geschrieben", "a écrit", "a ecrit", "écrit", "a wrote", "escribió", "escribio",
    "ha escrito", "ha scritto", "scrive", "scritto", "escreveu", "a écris", "escreve", "schreef",
    "het volgende geschreven", "heeft geschreven", "heeft het volgende geschreven", "napisał", "napisała",
    "napisał(a)", "napisal", "napisal(a)", "pisze", "wiadomość napisana przez", "napisano", "skrev",
    "skrev följande", "skrev følgende", "har skrevet", "kirjoitti", "napsal", "napsal(a)", "napsala", "napísal",
    "napísal(a)", "píše", "írta", "ezt írta", "a következőt írta", "keltezéssel", "a scris", "scris", "пишет",
    "написал", "написала", "написал(а)", "писал", "писал(а)", "пишете", "пише", "написав", "написав(ла)", "пишуть",
    "написа", "έγραψε", "έγραψαν", "yazdı", "şunu yazdı", "şunları yazdı", "tarihinde şunu yazdı", "va escriure",
    "ha escrit", "escrigué", "je napisao", "je napisala", "je napisao/la", "napisao je", "је написао",
    "је написао/ла", "piše", "je napisal", "rašė", "parašė", "rakstīja", "kirjutas", "đã viết", "menulis",
    "telah menulis", "เขียนว่า", "เขียน", "כתב", "כתבה", "כתב/ה", "מאת", "كتب", "كتبت", "نوشت", "写道", "寫道",
    "写到", "寫到", "のメッセージ", "のメール", "さんは書きました", "は書きました", "書きました", "さんが書きました",
    "작성", "님이 작성", "님께서 작성", "님이 쓴 글", "씀", "님의 말",
)  # fmt: skip

# Words that such a line begins with; a weekday, a month or a digit does it too.
BEGINS = (
    "on", "in", "am", "le", "el", "il", "il giorno", "em", "no dia", "a", "op", "w dniu", "dnia", "den", "dne",
    "dňa", "dana", "în", "in data", "pe", "on date", "στις", "at", "vào", "pada", "wiadomość", "в", "у", "на",
    "date", "cuando", "ob", "בתאריך", "ב-", "في", "在", "於", "于", "message", "kuupäeval", "kl.", "ng", "noong",
    "aktualnie",
)  # fmt: skip

WEEKDAYS_AND_MONTHS = (
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
    "oct", "nov", "dec", "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch", "donnerstag",
    "freitag", "samstag", "sonntag", "lun", "mer", "jeu", "ven", "sam", "dim", "lunes", "martes", "mié", "jue",
    "vie", "sáb", "dom", "seg", "ter", "qua", "qui", "sex", "gio", "maandag", "dinsdag", "woensdag", "donderdag",
    "vrijdag", "zaterdag", "zondag", "pon", "wt", "śr", "czw", "pt", "sob", "niedz", "poniedziałek", "wtorek",
    "środa", "czwartek", "piątek", "sobota", "niedziela", "mån", "tis", "ons", "tor", "tors", "fre", "lör", "sön",
    "man", "tir", "lør", "søn", "ma", "ti", "ke", "to", "pe", "la", "su", "пн", "вт", "ср", "чт", "пт", "сб", "вс",
    "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье", "нд", "понеділок", "вівторок",
    "середа", "четвер", "п'ятниця", "субота", "неділя", "pzt", "sal", "çar", "per", "cum", "cmt", "paz", "po", "út",
    "st", "čt", "pá", "ne",
)  # fmt: skip

# Labels of the header block that Outlook and others put over the quoted mail.
LABELS: dict[str, tuple[str, ...]] = {
    "from": (
        "from", "von", "de", "da", "van", "od", "från", "fra", "lähettäjä", "feladó", "de la", "от", "от кого",
        "від", "від кого", "από", "kimden", "gönderen", "发件人", "寄件者", "寄件人", "發件人", "差出人", "送信者",
        "보낸 사람", "보낸사람", "보내는 사람", "מאת", "من", "expéditeur", "remitente", "mittente", "remetente",
        "afzender", "absender", "afsender", "avsändare", "nadawca", "odesílatel", "odosielateľ", "šalje", "dari",
        "từ", "จาก", "no", "nuo", "saatja", "message du", "desde", "di", "отправитель", "відправник", "发信人",
        "寄信人", "feladó (from)", "exp", "expeditor", "dari:",
    ),
    "sent": (
        "sent", "date", "gesendet", "gesendet am", "datum", "envoyé", "envoyé le", "envoyée", "date d'envoi",
        "enviado", "enviado el", "enviado em", "enviada em", "enviada", "fecha", "data", "inviato", "data invio",
        "verzonden", "verzonden op", "wysłano", "wysłane", "data wysłania", "skickat", "skickades", "sendt", "dato",
        "lähetetty", "päivämäärä", "päiväys", "odesláno", "odoslané", "dátum", "elküldve", "küldve", "trimis",
        "data trimiterii", "отправлено", "дата", "надіслано", "дата отправки", "στάλθηκε", "ημερομηνία",
        "gönderildi", "gönderilme tarihi", "tarih", "gönderme tarihi", "发送时间", "发送日期", "日期", "时间",
        "寄件日期", "傳送時間", "送信日時", "日付", "送信日", "보낸 날짜", "보낸날짜", "날짜", "발송일", "נשלח",
        "תאריך", "تاريخ الإرسال", "التاريخ", "sent on", "date sent", "sent at", "poslano", "datum odeslání",
        "saadetud", "kuupäev", "đã gửi", "ngày", "dikirim", "tanggal", "ส่ง", "วันที่", "enviat", "изпратено",
        "sendt den", "dátum odoslania",
    ),
    "to": (
        "to", "an", "à", "a", "para", "aan", "do", "till", "til", "vastaanottaja", "komu", "címzett", "către",
        "catre", "la", "кому", "до", "προς", "kime", "alıcı", "收件人", "收件者", "宛先", "받는 사람", "받는사람",
        "אל", "إلى", "destinataire", "destinatario", "destinatário", "empfänger", "geadresseerde", "per", "за",
        "kam", "saaja", "đến", "tới", "kepada", "ถึง", "adresat", "получатель", "modtager", "mottaker", "mottagare",
        "til:",
    ),
    "cc": (
        "cc", "kopie", "copie", "copie à", "copia", "c/c", "kopia", "kopi", "kopio", "dw", "do wiadomości",
        "másolatot kap", "másolat", "копия", "копія", "κοιν", "κοιν.", "bilgi", "抄送", "副本", "참조", "עותק",
        "נسخة", "نسخة", "bcc", "cci", "cco", "ccn", "kópia", "v kopii", "ccopia", "cópia", "con copia",
    ),
    "subject": (
        "subject", "betreff", "betrifft", "objet", "sujet", "asunto", "oggetto", "assunto", "onderwerp", "temat",
        "ämne", "emne", "aihe", "předmět", "predmet", "tárgy", "subiect", "subiectul", "тема", "θέμα", "konu",
        "主题", "主旨", "主題", "标题", "件名", "제목", "נושא", "الموضوع", "re", "tema", "tēma", "teema", "chủ đề",
        "tiêu đề", "perihal", "subjek", "เรื่อง", "หัวเรื่อง", "assumpte", "предмет", "относно", "titel",
    ),
    "other": (
        "reply-to", "reply to", "antwort an", "répondre à", "responder a", "rispondi a", "importance", "wichtigkeit",
        "priority", "priorität", "attachments", "anlagen", "pièces jointes", "organization", "sender", "when",
        "where", "wann", "wo",
    ),
}  # fmt: skip

# "-----Original Message-----", between dashes: what follows is quoted.
ORIGINAL = (
    "original message", "original appointment", "original email", "original mail", "message from", "reply message",
    "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "ursprüngliche e-mail",
    "ursprünglicher termin", "message d'origine", "message original", "message initial", "mail original",
    "message d´origine", "message d’origine", "mensaje original", "correo original", "mensaje inicial",
    "messaggio originale", "messaggio originario", "original messaggio", "mensagem original", "mensagem inicial",
    "oorspronkelijk bericht", "origineel bericht", "oorspronkelijke bericht", "wiadomość oryginalna",
    "oryginalna wiadomość", "treść oryginalnej wiadomości", "pierwotna wiadomość", "wiadomość pierwotna",
    "ursprungligt meddelande", "originalmeddelande", "ursprungsmeddelande", "oprindelig meddelelse",
    "original meddelelse", "opprinnelig melding", "original melding", "den oprindelige mail", "oprindelig besked",
    "alkuperäinen viesti", "původní zpráva", "původní e-mail", "původní zprava", "pôvodná správa", "eredeti üzenet",
    "mesaj original", "mesajul original", "исходное сообщение", "оригинальное сообщение", "исходное письмо",
    "первоначальное сообщение", "вихідне повідомлення", "оригінальне повідомлення", "початкове повідомлення",
    "оригинално съобщение", "αρχικό μήνυμα", "özgün ileti", "orijinal mesaj", "orijinal ileti", "asıl mesaj",
    "原始邮件", "邮件原件", "原始信息", "原邮件", "原始郵件", "原文", "回复的原邮件", "回复的邮件", "元のメッセージ",
    "元メッセージ", "オリジナルメッセージ", "original メッセージ", "원본 메시지", "원본 메일", "원본메일",
    "원본메시지", "הודעה מקורית", "ההודעה המקורית", "الرسالة الأصلية", "missatge original", "originalna poruka",
    "izvorna poruka", "originaalkiri", "thư gốc", "tin nhắn gốc", "pesan asli", "ข้อความเดิม",
)  # fmt: skip

# The same for forwarded mail: what follows is what the sender wants to show.
FORWARDED = (
    "forwarded message", "forwarded by", "forwarded mail", "begin forwarded message", "fwd",
    "start of forwarded message", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
    "weitergeleitete e-mail", "weitergeleitet von", "message transféré", "message transmis",
    "début du message réexpédié", "début du message transféré", "message réexpédié", "mensaje reenviado",
    "inicio del mensaje reenviado", "forwarded message segue", "messaggio inoltrato", "inizio messaggio inoltrato",
    "mensagem encaminhada", "início da mensagem encaminhada", "início da mensagem reencaminhada",
    "mensagem reencaminhada", "doorgestuurd bericht", "begin doorgestuurd bericht", "wiadomość przekazana",
    "przekazana wiadomość", "przesłana wiadomość", "początek przekazywanej wiadomości",
    "treść przekazanej wiadomości", "wiadomość przesłana dalej", "vidarebefordrat meddelande",
    "vidarebefordrat brev", "vidarebefordrad post", "start på vidarebefordrat mejl", "videresendt meddelelse",
    "videresendt melding", "start på videresendt besked", "videresendt besked", "videresendt e-post",
    "välitetty viesti", "edelleenlähetetty viesti", "välitetty viesti alkaa", "přeposlaná zpráva",
    "začátek přeposlané zprávy", "přeposlaný email", "preposlaná správa", "továbbított üzenet", "továbbított levél",
    "továbbított üzenet kezdete", "mesaj redirecționat", "mesaj redirectionat", "mesaj înaintat",
    "пересылаемое сообщение", "пересланное сообщение", "перенаправленное сообщение",
    "начало переадресованного сообщения", "пересылаемое письмо", "переслане повідомлення",
    "пересилається повідомлення", "препратено съобщение", "προωθημένο μήνυμα", "προωθούμενο μήνυμα",
    "iletilmiş ileti", "iletilen mesaj", "yönlendirilmiş mesaj", "iletilen ileti", "转发邮件", "转发的邮件",
    "轉寄郵件", "轉寄的郵件", "已转发邮件", "转发邮件信息", "轉寄訊息", "転送メッセージ", "転送されたメッセージ",
    "転送", "전달된 메시지", "전달된 메일", "전달된 편지", "הודעה שהועברה", "رسالة معاد توجيهها",
    "الرسالة المعاد توجيهها", "missatge reenviat", "proslijeđena poruka", "thư được chuyển tiếp", "pesan terusan",
    "pesan yang diteruskan", "ข้อความที่ส่งต่อ",
)  # fmt: skip

# Subjects of forwarded mail.
FORWARD_PREFIXES = (
    "fwd", "fw", "wg", "tr", "rv", "i", "enc", "doorst", "pd", "vb", "vl", "továbbítás", "fs", "ilt", "yml", "πρθ",
    "reenv", "trs", "转发", "轉寄", "转寄", "轉發", "전달", "転送", "הועבר", "إعادة توجيه", "пересл",
)  # fmt: skip

# "Sent from my telephone" - without the device.
SENT_FROM = (
    "sent from", "sent via", "sent by", "sent with", "sent using", "sent on", "get outlook for", "envoyé de",
    "envoyé depuis", "envoyé à partir", "envoyé avec", "télécharger outlook pour", "obtenir outlook pour",
    "provenance :", "gesendet von", "gesendet mit", "gesendet aus", "gesendet via", "von unterwegs gesendet",
    "diese nachricht wurde von meinem", "outlook für", "holen sie sich outlook für", "enviado desde", "enviado con",
    "enviado do", "enviado de", "enviado a partir", "enviado via", "enviado pelo", "enviado por", "enviado meu",
    "obtener outlook para", "obter o outlook para", "obtenha o outlook para", "inviato da", "inviato dal",
    "inviato con", "inviato tramite", "inviata da", "ottieni outlook per", "scarica outlook per", "verstuurd vanaf",
    "verzonden vanaf", "verzonden met", "verstuurd met", "verzonden via", "outlook voor", "download outlook voor",
    "wysłane z", "wysłano z", "wysłane za pomocą", "pobierz program outlook", "pobierz aplikację outlook",
    "skickat från", "skickades från", "hämta outlook för", "skaffa outlook för", "sendt fra", "sendt via",
    "sendt med", "hent outlook til", "få outlook for", "hanki outlook", "odesláno z", "odesláno ze", "odoslané z",
    "odoslané zo", "získat outlook", "elküldve", "trimis de pe", "trimis din", "descărcați outlook", "отправлено с",
    "отправлено из", "отправлено через", "отправлено от", "послано с", "скачать outlook", "надіслано з",
    "надіслано із", "відправлено з", "изпратено от", "στάλθηκε από", "εστάλη από", "iphone'umdan gönderildi", "発信",
    "发自", "發自", "從我的", "来自我的", "傳送自", "נשלח מ", "נשלח מה", "أرسلت من", "تم الإرسال من", "enviat des",
    "poslano s", "poslano iz", "išsiųsta iš", "saadetud minu", "được gửi từ", "đã gửi từ", "dikirim dari", "ส่งจาก",
)  # fmt: skip
SENT_FROM_ENDS = (
    "gesendet", "gesendet.", "から送信", "からのメール", "から送信されました", "에서 보냄", "에서 보냈습니다",
    "gönderildi", "gönderildi.", "傳送", "发送", "发出", "iphonesta", "androidista", "küldve", "verzonden",
    "geschrieben", "saadetud", "發送", "寄出",
)  # fmt: skip

# Lines by which help desks mark where an answer belongs: what follows is quoted.
REPLY_ABOVE = (
    "type your reply above this line", "reply above this line", "please reply above this line",
    "write above this line", "please do not write below this line", "add your reply above here",
    "respond above this line", "reply above the line", "antworten sie oberhalb dieser linie",
    "antwort oberhalb dieser zeile", "bitte oberhalb dieser zeile antworten", "antworten sie über dieser zeile",
    "répondre au-dessus de cette ligne", "veuillez répondre au-dessus de cette ligne",
    "répondez au-dessus de cette ligne", "écrivez votre réponse au-dessus de cette ligne",
    "responda por encima de esta línea", "responder por encima de esta línea",
    "escriba su respuesta por encima de esta línea", "rispondi sopra questa riga",
    "digite a sua resposta acima desta linha", "responda acima desta linha", "typ je antwoord boven deze lijn",
    "antwoord boven deze lijn", "reageer boven deze regel", "skriv ditt svar ovanför denna rad",
    "skriv dit svar over denne linje", "この行より上に返信", "请在此行上方回复",
)  # fmt: skip
