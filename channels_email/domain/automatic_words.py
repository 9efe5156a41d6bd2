"""The vocabulary of mail that no person wrote: responders and delivery reports. Data only, lower case."""

RESPONDER_SUBJECTS = (
    "automatic reply", "automatic response", "auto reply", "auto-reply", "autoreply", "auto response",
    "auto-response", "autoresponse", "autoresponder", "auto:", "out of office", "out of the office", "out-of-office",
    "ooo", "vacation", "on vacation", "away from the office", "away from my mail", "i am out of the office",
    "i'm out of the office", "automatische antwort", "automatische rückantwort", "abwesenheitsnotiz",
    "abwesenheitsnachricht", "abwesenheitsmeldung", "abwesend", "außer haus", "ich bin nicht im büro", "urlaub",
    "réponse automatique", "reponse automatique", "absence du bureau", "absent du bureau", "message d'absence",
    "notification d'absence", "respuesta automática", "respuesta automatica", "fuera de la oficina",
    "fuera de oficina", "risposta automatica", "fuori sede", "fuori ufficio", "assente", "resposta automática",
    "resposta automatica", "fora do escritório", "ausência temporária", "ausente", "automatisch antwoord",
    "automatische beantwoording", "afwezigheidsbericht", "afwezig", "niet aanwezig", "automatiskt svar", "autosvar",
    "automatisk svar", "fraværende", "frånvaro", "ikke til stede", "ikke på kontoret", "automaattinen vastaus",
    "poissa", "poissaoloilmoitus", "automatyczna odpowiedź", "odpowiedź automatyczna", "autoodpowiedź",
    "poza biurem", "nieobecność", "automatická odpověď", "automatická odpoveď", "mimo kancelář",
    "automatikus válasz", "házon kívül", "răspuns automat", "автоматический ответ", "автоответ",
    "автоматична відповідь", "автоматичен отговор", "нет на месте", "в отпуске", "αυτόματη απάντηση",
    "εκτός γραφείου", "otomatik yanıt", "otomatik cevap", "ofis dışında", "自动回复", "自动答复", "自動回覆",
    "自動回复", "自動返信", "自動応答", "不在", "자동 회신", "자동회신", "자동 응답", "부재중", "תשובה אוטומטית",
    "مענה אוטומטי", "رد تلقائي", "resposta automàtica", "automatski odgovor", "samodejni odgovor",
    "automatinis atsakymas", "automaatvastus", "tự động trả lời", "balasan otomatis",
)  # fmt: skip

REPORT_SUBJECTS = (
    "undeliverable", "undelivered mail", "undeliverable mail", "undeliverable message", "mail delivery fail",
    "mail delivery system", "mail delivery subsystem", "delivery status notification", "delivery failure",
    "delivery failed", "delivery has failed", "delivery report", "delivery notification", "delivery problem",
    "delivery error", "delivery delayed", "delayed mail", "delayed:", "returned mail", "returned to sender",
    "mail returned", "message returned", "failure notice", "failure delivery", "failed delivery", "failed mail",
    "non delivery report", "non-delivery report", "nondeliverable", "non-deliverable", "could not send message",
    "could not be delivered", "cannot be delivered", "can't be delivered", "unable to deliver", "not delivered",
    "mail could not be delivered", "mail system error", "mail error", "mail failure", "message you sent blocked",
    "message delayed", "warning: message", "warning: could not send", "message status - undeliverable",
    "rejected mail", "rejected:", "unzustellbar", "nicht zustellbar", "nicht zugestellt",
    "zustellung fehlgeschlagen", "zustellungsfehler", "fehler bei der zustellung",
    "benachrichtigung zum zustellungsstatus", "zustellstatusbenachrichtigung", "unzustellbarkeit",
    "mail konnte nicht", "zustellung verzögert", "non remis", "remise différée", "échec de la remise",
    "échec de remise", "non distribué", "notification d'état de remise", "courrier non délivré", "non délivré",
    "no se puede entregar", "no se pudo entregar", "no entregado", "error de entrega",
    "notificación de estado de entrega", "devuelto al remitente", "correo devuelto", "mancato recapito",
    "impossibile recapitare", "messaggio non recapitato", "notifica sullo stato del recapito",
    "avviso di mancata consegna", "mancata consegna", "não foi possível entregar", "não entregue",
    "falha na entrega", "notificação de status de entrega", "onbestelbaar", "niet bezorgd",
    "kan niet worden bezorgd", "bezorging mislukt", "niedostarcz", "nie można dostarczyć", "nie doręczono",
    "zwrot wiadomości", "olevererbart", "kunde inte levereras", "går inte att leverera", "kan ikke leveres",
    "ikke leveret", "uleverbar", "ei voitu toimittaa", "toimitus epäonnistui", "nedoručitelné", "nelze doručit",
    "nedoručiteľné", "kézbesíthetetlen", "nu poate fi livrat", "nelivrat", "не доставлен", "недоставлен",
    "невозможно доставить", "не удалось доставить", "ошибка доставки", "не доставлено", "teslim edilemedi",
    "iletilemedi", "退信", "系统退信", "投递失败", "無法傳遞", "無法投遞", "退回郵件", "未送达", "未傳遞",
    "无法投递", "无法送达", "配信不能", "配信不可", "配送不能", "送信できません", "送信エラー", "エラーメール",
    "배달되지", "전송 실패", "반송", "반송된", "배달 실패", "μη παραδοτέο", "не може да бъде доставен",
)  # fmt: skip

REPORT_SENDERS = (
    "mailer-daemon", "mailerdaemon", "mailer_daemon", "maildaemon", "mail-daemon", "postmaster", "mail delivery s",
    "microsoftexchange", "mdaemon", "daemon", "smtp-daemon", "bounce", "bounces", "mailadmin", "mmdf", "uucp",
    "internet mail delivery", "mail-delivery",
)  # fmt: skip

UNKNOWN_RECIPIENT = (
    "user unknown", "unknown user", "unknown recipient", "recipient unknown", "no such user", "no such recipient",
    "no such address", "no such mailbox", "no mailbox here", "mailbox unavailable", "mailbox not found",
    "user not found", "unknown address", "invalid recipient", "invalid mailbox", "invalid address",
    "unknown local part", "does not exist", "doesn't exist", "not exist", "recipient not found", "address rejected",
    "recipient rejected", "unrouteable address", "unrouteable mail domain", "account has been disabled",
    "account is disabled", "account disabled", "inactive user", "host unknown", "unknown host", "domain not found",
    "host not found", "no mx", "bad destination", "not listed in domino directory", "not listed in public name",
    "is not a known user", "couldn't be found", "wasn't found", "could not be found", "couldn't find any host",
    "name service error", "relay access denied", "relaying denied", "no longer", "has moved", "access denied",
    "blocked", "policy", "spam", "message size exceeds", "too large", "denied", "rejected", "refused", "permanent",
    "fatal error", "554", "550", "宛先不明", "存在しません", "见つかりません", "不存在", "用户不存在",
    "收件人不存在", "查無此人", "사용자가 없", "존재하지",
)  # fmt: skip

TRY_LATER = (
    "mailbox full", "mailbox is full", "over quota", "quota exceeded", "exceeded storage", "exceeds the quota",
    "disk quota", "disk full", "storage allocation", "mailbox for user is full", "insufficient system storage",
    "temporar", "try again", "retry", "retries", "will keep trying", "still trying", "not yet been delivered",
    "has been delayed", "is delayed", "delayed", "deferred", "timed out", "timeout", "connection refused",
    "could not send message for", "no action is required", "this is a warning message only", "greylist",
    "too many connections", "queued", "容量", "已满", "已滿", "一杯", "空間不足", "容量超過", "용량 초과", "메일함",
)  # fmt: skip
