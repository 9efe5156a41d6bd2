"""The vocabulary of delivery reports, as patterns in lower case. Data only; facts from servers' own texts."""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


# That a mail did not arrive (yet), as reports begin; several languages in one breath are usual.
NOT_DELIVERED = _any(
    r"(?:can ?not|could ?n[o']t|couldn.t|can.t|was ?n[o']t|wasn.t|were not|has not been|not been|not yet been|"
    r"did not get) "
    r"(?:be )?(?:successfully )?(?:delivered|sent|processed)",
    r"(?:unable|not able|wasn.t able|failed|could not|couldn.t|cannot|can.t|attempting|trying|"
    r"impossible) (?:to )?deliver",
    r"undeliver(?:able|ed)|non-?deliver(?:y|able)|did(?: not|n.t) reach|did not receive (?:it|your|this)",
    r"deliver(?:y|ing)(?: of your message)? (?:has |was )?(?:failed|delayed|error|failure|problem|status|"
    r"unsuccessful)",
    r"delivery (?:to|attempts?|report)\b|(?:mail|message) (?:delivery )?(?:has )?(?:failed|failure|returned|bounced)",
    r"returned? (?:to|mail|message)|returning (?:your )?message|unsent message|transcript of session|"
    r"failure reasons?",
    r"(?:error|trouble|problem)s? (?:sending|delivering|transmitting|while sending)|rejected recipient|"
    r"delivery is pending",
    r"addresse?s? (?:failed|follow|had|could)|recipients? (?:failed|could|were|was|did)|no valid recipients",
    r"(?:message|mail|e-?mail)(?: \S+){0,12} (?:was|were|has been|have been) (?:blocked|rejected|refused|"
    r"not accepted|bounced|held)",
    r"has been delayed|still undelivered|will be retried|error(?:s)? (?:occurred|has occurred)|fatal error",
    r"(?:has|have|had|was|were) (?:been )?(?:returned|postponed)\b|failed because|encountered an error|"
    r"requested (?:mail )?action (?:not taken|aborted)",
    r"(?:nicht|kein\w*)[^.]{0,80}(?:zugestellt|zustellen|ausgeliefert|übermittelt)|unzustellbar|nicht zustellbar",
    r"zustellung[^.]{0,80}(?:fehlgeschlagen|verzögert|nicht möglich|gescheitert)|fehler bei der \w*zustellung",
    r"n.(?:a|ont|est) pas (?:pu |été )?(?:être )?(?:remis|distribué|délivré|livré|acheminé|envoyé)",
    r"impossible de (?:remettre|livrer|délivrer|distribuer|envoyer)|non[ -]?remis|non distribué|non délivré",
    r"(?:échec|echec) de (?:la )?(?:remise|livraison|distribution)|remise[^.]{0,60}(?:échoué|retardée|différée)",
    r"no (?:se )?(?:ha |han )?(?:podido |pudo |puede |pueden |sido )?[^.]{0,40}entreg|error (?:de|en la) entrega|"
    r"no entregado",
    r"entrega[^.]{0,50}(?:fallido|fallida|ha fallado|retras)|devuelto al remitente",
    r"non (?:è|e') (?:stato|stata)[^.]{0,30}(?:consegn|recapit|possibile)|impossibile (?:consegnare|recapitare)",
    r"mancat[oa] (?:recapito|consegna)|(?:recapito|consegna)[^.]{0,50}(?:non riuscit|fallit|ritard)",
    r"não (?:pôde|pode|foi|puderam|conseguimos)[^.]{0,30}entreg|falha (?:na|de) entrega|impossível entregar",
    r"entrega[^.]{0,50}(?:falhou|atrasad|adiada)",
    r"(?:kan|kon|konden) niet[^.]{0,30}(?:bezorg|aflever|afgelever)|(?:niet|nog niet)(?: worden)? (?:bezorgd|"
    r"afgeleverd)",
    r"bezorging[^.]{0,80}(?:mislukt|vertraagd)|onbestelbaar",
    r"(?:kunde|kan|gick|har) inte[^.]{0,40}lever|leveransen[^.]{0,40}(?:misslyckades|fördröj|försen)|olevererbar",
    r"(?:kunne|kan|blev|ble) ikke[^.]{0,30}(?:lever|send)|levering[^.]{0,60}(?:mislyk|forsink)|uleverbar",
    r"ei (?:voi|voitu|voida|onnistu|pystytty|toimitettu)[^.]{0,40}(?:toimit|lähett)|toimi\w*[^.]{0,40}epäonnistu",
    r"nie (?:można|mógł|mogła|może|udało|została?|zostało)[^.]{0,50}(?:dostarcz|doręcz)|niedostarcz|nie doręczono",
    r"dostarcz[^.]{0,80}nie powiodł|nepodařilo[^.]{0,40}doruč|nelze[^.]{0,40}doruč|nedoručit|nebylo možné doruč",
    r"nemohl[aoy]?[^.]{0,30}doruč|nepodarilo[^.]{0,40}doruč|nie je možné doruč|nedoručen",
    r"kézbesíthetetlen|nem [^.]{0,50}kézbesít|kézbesítés[^.]{0,40}(?:sikertelen|késik)",
    r"nu (?:a putut|poate|au putut|s-a putut)[^.]{0,30}livra|livrarea[^.]{0,40}eșuat",
    r"не (?:может|могут|могло|удалось|удается|было?|была|можем|смог\w*|доставлен\w*)[^.]{0,60}(?:доставл?ен|"
    r"доставить|отправлен)",
    r"недоставл|не доставл|невозможно (?:доставить|отправить)|ошибка (?:при )?доставк|сбой доставки",
    r"не (?:вдалося|може|можна)[^.]{0,50}достав|не може да бъде достав|недоставен",
    r"δεν (?:ήταν δυνατή|μπόρεσε|παραδόθηκ|κατέστη)|παράδοσ[^.]{0,60}απέτυχ|μη παραδοτέο",
    r"teslim[^.]{0,40}(?:edileme|başarısız|gecik)|iletileme|gönderileme|ulaştırılama",
    r"לא ניתן (?:היה )?(?:למסור|להעביר|לשלוח)|המסירה[^.]{0,40}נכשל|תעذر|تعذر (?:تسليم|إرسال)|"
    r"فشل (?:في )?(?:تسليم|إرسال)",
    r"退信|被退回|退回(?:来|了|您)|[无無][法](?:成功)?(?:[发發]送|投[递遞]|送[达達]|[传傳][递遞送]|寄[达達出]|"
    r"[递遞]送)",
    r"(?:[发發]送|投[递遞]|[传傳]送|[递遞]送|寄送)[失][败敗]|[没沒]有成功|未能?(?:成功)?(?:送[达達]|投[递遞]|"
    r"[发發]送|[传傳][递遞送])|拒[收绝絕]",
    r"(?:配信|配送|送信|送付|配達|お?届け)[^。\n]{0,12}(?:でき|出来|不能|不可|失敗|遅延|ませんでした)|"
    r"エラーのため|届きません",
    r"送ることができ|エラーメール|不達|(?:전송|배달|발송|전달|송신)[^.\n]{0,10}(?:실패|수 없|못|않)|반송",
    r"không (?:thể )?(?:gửi|được gửi|chuyển)|tidak (?:dapat )?(?:terkirim|dikirim|disampaikan)|ส่งไม่สำเร็จ|"
    r"ไม่สามารถส่ง",
)

# What a report calls itself, as its first line.
HEADING = re.compile(
    r"\W*(?:non-?delivery|delivery failure|undeliverable message|delivery status|unzustellbarkeits)"
    r"[ -]?(?:report|notification|notice|meldung|bericht)?\W*$",
    re.IGNORECASE | re.MULTILINE,
)

# That it did arrive, said without a "not".
DELIVERED = _any(
    r"success(?:ful(?:ly)?)? (?:mail )?(?:deliver|relay|sent|transmit)|deliver\w* success|^(?:relayed|delivered|"
    r"expanded)\b|(?:was|were|has been|have been) (?:relayed|delivered|expanded)|delivery[^.\n]{0,60}is complete",
    r"zustellung erfolgreich|erfolgreich (?:zugestellt|übermittelt|weitergeleitet)|wurde[^.\n]{0,60}\bzugestellt",
    r"(?:remis|distribué|livré)\w* (?:correctement|avec succès)|a (?:bien )?été (?:remis|distribué|livré|relayé)|"
    r"(?:remise|livraison) (?:réussie|effectuée)",
    r"se (?:ha )?entreg(?:ó|ado)|entreg\w+ (?:correctamente|con éxito)|(?:è|e') stato (?:consegnato|recapitato)|"
    r"consegna (?:riuscita|avvenuta)|consegnat\w+ correttamente",
    r"foi entregue|entregue com (?:êxito|sucesso)|is (?:bezorgd|afgeleverd)|har leverer\w+|er leveret|"
    r"została? (?:dostarczon|doręczon)\w+|byl\w? doručen|доставлено|успешно доставл",
    r"teslim edildi|已(?:成功)?(?:送[达達]|投[递遞])|投递成功|(?:配信|配送|送信)(?:されました|完了|に成功)|"
    r"전송 ?(?:성공|완료)|배달되었",
)
NEGATION = _any(
    r"\b(?:not|no|never|nicht|kein\w*|pas|non|não|niet|geen|inte|ikke|nie|ne|nu|nem|ei|не|ні|ni|un\w+|fail\w*)\b|n['’]t\b|"
    r"[没沒未無无不]|ません|ない|않|못|(?:ma|me)di\b|לא|لم|δεν"
)
# That some are still being tried, above a list of them.
STILL_TRIED = _any(
    r"transient|non-?fatal|still being (?:re)?tried|(?:has|have|is|are|was|were) (?:been )?(?:delayed|deferred)|"
    r"temporar\w+ (?:problem|error|fail)|(?:verzögert|retardé|différé|retrasad|ritardat|atrasad|vertraagd)"
)

# Only a warning: the server goes on trying.
WARNING = _any(
    r"warning (?:message )?only|do not need to resend|not yet been delivered|will keep trying|"
    r"still undelivered|attempts will continue",
    r"will be retried|will (?:re)?try again|will continue (?:to|trying)|still (?:being retried|trying)|"
    r"has been delayed|is delayed|\bdelayed\b|\(delay\)|no action is required|been postponed",
    r"verzögert|noch nicht zugestellt|nog niet bezorgd|vertraagd|vertraging|remise (?:retardée|différée)|"
    r"n.a pas encore été|todavía no|se ha retrasado|retrasad|ritardat|non è stato ancora|atrasad|ainda não",
    r"fördröj|försenad|ännu inte|forsinket|ikke levert ennå|viivästy|opóźni|zpožděn|késik|întârziat|задерж|"
    r"отложен|ещё не доставлен|еще не доставлен|gecik|καθυστέρ|延[迟遲]|遅延|まだ配信|지연",
)

# Where the report ends and the mail that it returns begins.
ORIGINAL_BELOW = re.compile(
    r"^(?:.{0,60}(?:copy of (?:the|your) (?:original )?message|below this line|(?:message )?headers? follows?\b|"
    r"returned message|unsent message|message text follows|original message (?:follows|is following|headers?)|"
    r"header of the original message|(?:top|first) \d+ lines|your message follows|unterhalb dieser zeile|"
    r"kopie der nachricht|ursprüngliche nachricht(?:enkopf)?|en-têtes de message d.origine|"
    r"encabezados de mensaje originales).{0,80}|"
    r"-{2,}.{0,20}(?:original message|original-?nachricht|message d.origine|mensaje original|messaggio originale|"
    r"mensagem original).{0,60}|"
    r"[^\w\n]{0,40}(?:original message|原始[邮郵]件|原[邮郵]件|元の?メッセージ|원본 메(?:시지|일))"
    r"(?:[头頭]|標頭|标头| ?ヘッダー| ?머리글)?[^\w\n]{0,40})$|"
    r"^(?P<field>received: ?from |message-id: ?<|return-path: ?<)",
    re.IGNORECASE | re.MULTILINE,
)

# What stands before a recipient, and before addresses that are none.
LABEL = re.compile(
    r"(?:failed|final|original|intended|unknown|invalid|bad|undeliverable)?[ -]?(?:recipients?|addressed|"
    r"address(?:es)?|mailbox|user|rcpt to|addressee|to|"
    r"e-?mail|an|empfänger|destinataire|à|para|destinatario|destinatário|ontvanger|mottagare|modtager|"
    r"odbiorca|кому|получатель|alıcı|příjemce|címzett|"
    r"收件人(?:地址)?|收件者|收信人|宛先|あて先|受信者|받는 ?사람|수신자?)(?: (?:address|name|to|"
    r"mailbox))?\s*[:：]\s*[<\[(\"'*]*(?:smtp:|rfc822;|mailto:)?\s*$",
    re.IGNORECASE,
)
NO_RECIPIENT = re.compile(
    r"(?:\b(?:message[- ]?id|references?|in-reply-to|identifier|from|sender|von|de|da|od|от|reply-to|"
    r"return-path|mail from|"
    r"envelope-from)|发件人|寄件者|差出人|送信者|보낸 ?사람)\b[\s:：<\[(\"'*]*(?:\S+ ?<)?$|"
    r"\b(?:contact\w*|write to|help|support|questions?|assistance|abuse|forward(?:ed)? to|kontakt\w*|"
    r"wenden sie sich an|contatt\w+|contate|en contacto con|contato com|skontaktuj\w*|contactați|"
    r"obraťte|обратитесь|обращайтесь|свяжитесь|напишите|联系|聯絡|聯繫|問い合わせ|ご連絡|문의)(?!\w*[:：]?\w)"
    r"[^\n@]{0,40}$|(?:https?://|mailto:)\S*$",
    re.IGNORECASE,
)
ASKED = re.compile(
    r"[>)\s]*(?:(?:に|まで|へ|宛に)?[^。\n]{0,6}(?:問い合わせ|連絡)|(?:로|으로|에게|에)? ?문의|wenden\b|"
    r"(?:adresine|ile) (?:başvur|iletişim)|címre|[联聯][系絡繫])",
    re.IGNORECASE,
)

# Behind an address: that this one got the mail.
SERVED = re.compile(
    r"[>)\s;:,.|\-–=→]*(?:(?:was|has been|is|status:?|wurde|a été|(?:ha |è )?stat[oa]|foi|se ha) )?"
    r"(?:successfully |erfolgreich )?"
    r"(?:(?:delivered|relayed|expanded|accepted|sent|ok|success|zugestellt|übermittelt|remis|distribué|livré|"
    r"entregad[oa]|consegnat[oa]|recapitat[oa]|entregue|bezorgd|afgeleverd|levererat?|leveret|dostarczon\w|"
    r"doręczon\w|doručeno|доставлено|livrat|kézbesítve|toimitettu)\b|"
    r"teslim edildi|已送[达達]|已投[递遞]|(?:配信|送信)済|전송 ?완료)(?!.{0,200}\b[45]\.\d)|"
    r"[^@]{0,60}\b2\.\d\.\d\b(?!.{0,200}\b[45]\.\d)",
    re.IGNORECASE,
)
