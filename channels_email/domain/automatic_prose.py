"""Answers of responders that carry no mark of one: an absence, a receipt or a challenge, told in so many words.

One sign never suffices: customers write from their holidays too. Somebody is away, and says it as responders do.
"""

from __future__ import annotations

import re

EXAMINED = 1_500  # characters; responders come to the point


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_AWAY = _any(
    r"\b(?:i am|i.m|i will be|i.ll be|we are|our office is|the office is|"
    r"am)\b[^.!\n]{0,40}(?:out of (?:the )?office|away|absent|on (?:annual |sick |parental |"
    r"maternity )?(?:leave|vacation|holiday)|not in the office|travel\w*|closed)",
    r"currently (?:out of|away|on leave|on vacation|not in|unavailable)|i(?: will| am|.m|.ll) (?:be )?(?:back|"
    r"return\w*) (?:in the office |to the office )?on",
    r"\b(?:bin|sind|befinde)\b[^.!\n]{0,60}(?:nicht (?:im (?:büro|haus)|erreichbar|am platz)|abwesend|"
    r"im urlaub|außer haus|auf reisen|in elternzeit|verreist)",
    r"(?:suis|sommes|serai|serons)[^.!\n]{0,50}(?:absent|en congé|en vacances|en déplacement|hors du bureau)",
    r"(?:estoy|estaré|estare|estamos|me encuentro|encuentro)[^.!\n]{0,50}(?:fuera de|ausente|de vacaciones|"
    r"de viaje|de baja)",
    r"(?:sono|sarò|saremo|siamo)[^.!\n]{0,50}(?:assent|fuori (?:ufficio|sede)|in ferie|in vacanza|in trasferta)",
    r"(?:estou|estarei|estamos|encontro-me)[^.!\n]{0,50}(?:fora do|ausente|de férias|em viagem)",
    r"\b(?:ben|zijn|afwezig)\b[^.!\n]{0,50}(?:afwezig|niet aanwezig|met vakantie|op vakantie|met verlof|"
    r"buiten kantoor)|niet op kantoor",
    r"(?:jag är|är på|jeg er|er på|er jeg|er ikke)[^.!\n]{0,50}(?:semester|ledig|borta|inte på|bortrest|"
    r"föräldraledig|tjänsteresa|ferie|fraværende|ikke til stede|ikke på kontoret|på kurs|på reise)",
    r"(?:olen|poissa)[^.!\n]{0,50}(?:lomalla|poissa|matkalla|toimistosta)",
    r"(?:jestem|będę|przebywam)[^.!\n]{0,50}(?:poza biurem|na urlopie|nieobecn|niedostępn)|(?:jsem|budu|"
    r"čerpám|som)[^.!\n]{0,50}(?:mimo kancelář|dovolen|nepřítom|neprítom)",
    r"(?:szabadságon|házon kívül|távol) (?:vagyok|leszek)|(?:sunt|voi fi)[^.!\n]{0,40}(?:plecat|în concediu|"
    r"în afara biroului|absent)",
    r"(?:нахожусь|буду|я|сейчас)[^.!\n]{0,50}(?:в отпуске|отсутств|не на работе|в командировке|вне офиса)|"
    r"(?:у відпустці|відсутн)",
    r"(?:απουσιάζω|βρίσκομαι|είμαι)[^.!\n]{0,40}(?:εκτός|άδεια|μέχρι)|(?:ofis(?:te)? dışında|izinde|"
    r"yıllık izin)[^.!\n]{0,30}",
    r"(?:休假|不在办公室|不在辦公室|外出|出差|年假|請假|请假)[^。\n]{0,30}|(?:休暇|不在|出張|外出|休業|"
    r"お休み)[^。\n]{0,24}(?:して(?:おり|い)ます|しております|となります|いただ|のため|中)",
    r"(?:휴가|부재|출장|외근)[^.\n]{0,20}(?:중|입니다|예정)|(?:נמצא|נמצאת|אני)[^.\n]{0,30}(?:בחופשה|"
    r"מחוץ למשרד)|(?:خارج المكتب|في إجازة)|đang (?:nghỉ phép|vắng)|sedang (?:cuti|tidak di kantor)",
)
_AS_RESPONDERS_DO = _any(
    r"thank(?:s| you) for (?:your|contacting|the) |in (?:urgent|emergenc)|(?:for|if) (?:anything )?(?:urgent|"
    r"immediate)|limited (?:access|e-?mail)|no access|access to (?:my )?e-?mail|(?:respond|reply|answer|read|"
    r"get back)[^.\n]{0,60}(?:return|back|as soon as)|automat|until|please contact|will be (?:back|read|"
    r"forwarded)|not (?:be )?(?:read|forwarded|checking)",
    r"dringend|vielen dank|danke für|nicht weitergeleitet|wenden sie sich|vertret|rückkehr|automatisch|"
    r"wieder (?:erreichbar|da|im)|\bbis (?:zum|einschließlich|inklusive)",
    r"merci (?:de|pour)|en cas d.urgence|urgen|à mon retour|mon retour|jusqu.au|contacter|automatique|"
    r"prendrai connaissance",
    r"gracias por|en caso de|urgen|a mi regreso|hasta el|acceso limitado|automátic|contactar",
    r"grazie per|in caso di|urgen|al mio (?:rientro|ritorno)|fino al|automatic|contattare",
    r"obrigad[oa] (?:pelo|pela|por)|em caso de|urgente|regresso|retorno|até (?:o )?dia|automátic",
    r"bedankt voor|dringende|spoed|terugkomst|tot en met|automatisch|contact opnemen",
    r"brådskande|tack för|åter (?:den|på)|tillbaka|automatiskt|kontakta|\btill och med|haster|hastende|"
    r"tilbage|tilbake|automatisk|kontakt|takk for|tak for",
    r"kiire|palaan|automaatti|yhteyttä|pilnych|dziękuję|powrocie|automatyczn|skontakt|naléhav|děkuji|návrat|"
    r"automatick|kontaktujte|sürgős|köszönöm|automatikus|urgențe|mulțumesc|automat",
    r"срочн|спасибо за|вернусь|до \d|автоматич|обращайтесь|обратитесь|терміно|дякую|επείγ|ευχαριστ|αυτόματ|"
    r"acil|teşekkür|otomatik|döneceğim",
    r"紧急|緊急|回来|回來|自动|自動|联系|聯絡|谢谢|感謝|お急ぎ|ご連絡|ありがとう|までに?|返信|급한|감사|연락|"
    r"자동|까지|דחוף|תודה|عاجل|شكرا|khẩn|cảm ơn|mendesak|terima kasih",
)
_CHALLENGE = _any(
    r"(?:is|was|has been) (?:being )?(?:held|quarantined|delayed|placed in)[^.]{0,120}(?:because|until|"
    r"pending|confirm|verif|do not know|unknown sender)",
    r"(?:confirm|verify)[^.]{0,60}(?:your (?:e-?mail )?(?:address|message|mail|identity)|"
    r"that you are (?:a )?(?:person|human|not))|verify that you are",
    r"release (?:your|the) message|(?:click|reply)[^.]{0,60}(?:so (?:that )?your (?:message|mail)|"
    r"to (?:be added|have your message|deliver|verify|confirm))|only have to do this once|"
    r"one[- ]time (?:verification|confirmation)",
)
# Whether it is worth looking for one of the phrases above: each has one of these.
_STEMS = (
    *("held", "quarantined", "delayed", "placed in", "confirm", "verify", "release ", "click", "reply"),
    *("only have to do this once", "one-time", "one time"),
)
_CHALLENGER = _any(
    r"tmda|spam ?arrest|boxbe|sanebox|bluebottle|challenge[-/ ]response|spamlion|activespamkiller|mailblocks|"
    r"uol.*anti-?spam|antispam\w*uol|confirm",
    r"fight spam|(?:spam|junk) (?:filter|protection|control|blocker)|unsolicited|do not know you|"
    r"my (?:approved|white|safe|allowed)[ -]?(?:sender|list)",
)
_ASKS = _any(
    r"[?？;؟]\s|[?？؟]$|\b(?:please|could you|can you|kindly) (?:send|deliver|refund|cancel|change|ship|"
    r"exchange|return|tell|let|keep|hold|check|call)",
    r"\b(?:bitte|könnten sie|können sie) (?:\S+ ){0,5}(?:senden|schicken|liefern|stornieren|ändern|erstatten|"
    r"umtauschen)|(?:pouvez|pourriez)-vous|(?:puede|podría) (?:usted )?(?:enviar|cambiar|cancelar)",
)


def is_answered_by_rule(text: str, subject: str, *, answers: bool) -> bool:
    """Whether the words are a responder's. `text` is what is new in the mail, `answers`: it answers another mail."""
    start = f"{subject}\n{text[:EXAMINED]}".lower()
    if any(stem in start for stem in _STEMS) and _CHALLENGE.search(start) and _CHALLENGER.search(start):
        return True
    if not answers or len(text) > EXAMINED * 2 or _ASKS.search(start):
        return False
    return bool(_AWAY.search(start)) and bool(_AS_RESPONDERS_DO.search(start))
