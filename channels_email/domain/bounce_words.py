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
    r"(?:nicht|kein\w*)[^.]{0,80}(?:zugestellt|zustellen|ausgeliefert|übermittelt)|unzustellbar|nicht zustellbar",
    r"zustellung[^.]{0,80}(?:fehlgeschlagen|verzögert|nicht möglich|gescheitert)|fehler bei der \w*zustellung",
    r"n.(?:a|ont|est) pas (?:pu |été )?(?:être )?(?:remis|distribué|délivré|livré|acheminé|envoyé)",
    r"impossible de (?:remettre|livrer|délivrer|distribuer|envoyer)|non[ -]?remis|non distribué|non délivré",
    r"(?:échec|echec) de (?:la )?(?:remise|livraison|distribution)|remise[^.]{0,60}(?:échoué|retardée|différée)",
    r"no (?:se )?(?:ha |han )?(?:podido|pudo|puede|pueden|sido)[^.]{0,40}entreg|error (?:de|en la) entrega|"
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

FULL = _any(
    r"(?:mail|in|drop)[- ]?box(?:es)?(?: \S+)?(?: is| are| was)?(?: currently| now| too| almost|"
    r" already)? full|full (?:mail|in)box",
    r"over[- ]?quota|overquota|quota[- ](?:is |was |has been |has |would be )?(?:exceed|violat|full|limit|"
    r"overrun|reached)",
    r"(?:exceed\w*|over|beyond|above|reached|out of)(?: \S+){0,5} (?:quota|storage|mailbox|inbox|disk|space|"
    r"local limit)",
    r"(?:exceed\w*|over|above|reached)(?: \S+){0,3} (?:allowed|maximum|max|size) (?:size|limit|"
    r"mailbox)\b(?=.{0,60}(?:mail)?box)",
    r"(?:mail)?box(?: \S+){0,3} (?:exceed\w*|over|above|has reached|would exceed)|"
    r"not enough (?:\S+ )?(?:space|room|storage|disk)",
    r"insufficient (?:disk|storage|mailbox|space|quota)|no space left|mailbox size (?:limit|was above)|"
    r"(?:mail)?folder is full",
    r"account is (?:full|over)|user is over|storage allocation|out of (?:disk )?space|"
    r"size limit of this (?:mail)?box",
    r"too many messages (?:in|on) (?:this|the|recipient)|messages in recipient.s mailbox exceeded|disk ?space|"
    r"quota ?exceeded",
    r"space[^.]{0,30}(?:mailbox|recipient)[^.]{0,20}(?:full|exceed)|larger than the (?:current )?space|"
    r"mailbox has exceeded",
    r"(?:postfach|mailbox|briefkasten|speicher\w*)[^.]{0,50}(?:voll\b|überfüllt|überschritten|überschreitet|"
    r"erschöpft)",
    r"(?:boîte|boite|bal|messagerie|quota)[^.]{0,60}(?:pleine|saturée|dépassé|plein\b)",
    r"(?:buzón|buzon|cuota|casilla|bandeja)[^.]{0,50}(?:llen[oa]|excedid|superad|sobrepas)",
    r"(?:casella|quota|mailbox|cassetta)[^.]{0,60}(?:pien[ao]|superat|esaurit)",
    r"(?:caixa|cota|quota)[^.]{0,50}(?:chei[ao]|lotad|excedid|ultrapass)",
    r"(?:postvak|mailbox|postbus|quotum)[^.]{0,40}(?:\bvol\b|overschreden)",
    r"(?:brevlåd|inkorg|postlåd|postboks|postkass|innboks|indbakke)\w*[^.]{0,40}(?:full|fuld|fyldt)|"
    r"postilaatikko[^.]{0,30}täyn",
    r"skrzynk\w+[^.]{0,50}(?:pełn|przepełn)|schránk\w+[^.]{0,50}(?:pln|přepln|preplnen)|"
    r"postafiók[^.]{0,40}(?:megtelt|tele)",
    r"переполнен|переповнен|квота[^.]{0,30}превышен|превышен[^.]{0,30}(?:квот|размер\w* ящик)|нет места",
    r"(?:posta )?kutusu[^.]{0,30}dolu|kota[^.]{0,20}aşıl|γραμματοκιβώτιο[^.]{0,40}πλήρ",
    r"(?:[邮郵信件]箱|[空][间間]|容量|配[额額])[^。\n]{0,12}(?:已?[满滿]|不足|超[过過出限])|"
    r"超[过過出]?[^。\n]{0,8}(?:容量|限额|配额)",
    r"(?:メールボックス|受信箱|受信ボックス|ボックス|容量|保存)[^。\n]{0,16}(?:一杯|いっぱい|満杯|超過|超え|"
    r"オーバー|不足|上限)",
    r"(?:메일함|편지함|용량|사서함|메일박스)[^.\n]{0,14}(?:초과|가득|부족|꽉)|mapiexceptionshutoffquotaexceeded",
)

LATER = _any(
    r"tim(?:ed|e|ing)[- ]?out|connection (?:was )?(?:refused|reset|dropped|lost|closed|timed)|(?:can ?not|"
    r"could not|unable to|couldn.t) connect",
    r"able to establish an smtp connection|no route to host|unreachable|temporar|try (?:it |again|later)|"
    r"again later|retry time",
    r"retr(?:y|ies|ied)\b|keep trying|continue trying|attempts will continue|not yet been delivered|delayed|"
    r"deferred|grey-?list",
    r"too many (?:connections|sessions|concurrent|errors)|rate[- ]limit|expired|too long (?:in|"
    r"on) (?:the )?queue|queue(?:d)? too long",
    r"maximum (?:time|delivery|queue)|delivery time|requests to connect|not responding|no answer from|"
    r"did not respond|system (?:is )?(?:full|busy)",
    r"insufficient system|out of memory|resources? (?:temporarily )?unavailable|"
    r"service (?:is )?(?:currently )?not available|server (?:is )?busy",
    r"throttl|lookup fail|no action is required|warning only|warning message only|verzögert|später (?:erneut|"
    r"noch)|zeitüberschreitung",
    r"retardé|différé|ultérieurement|délai[^.]{0,20}dépassé|vertraag|nog niet bezorgd|later opnieuw|retrasad|"
    r"demorad|aplazad|más tarde",
    r"ritard|differit|più tardi|atrasad|adiad|mais tarde|försen|fördröj|senare|forsink|senere|viivästy|"
    r"myöhemmin|opóźn|później|zpožd|později",
    r"задерж|отложен|позже|временно|пізніше|gecik|daha sonra|καθυστέρ|暂时|暫時|稍[后後]|超[时時]|延[迟遲]|"
    r"遅延|一時的|しばらく|タイムアウト|後ほど|지연|나중에|일시적|시간 초과",
)

UNKNOWN = _any(
    r"(?:no|not a|isn.t a) (?:such|valid|known|local|active|existing)(?: \S+){0,2} ?(?:user|recipient|mailbox|"
    r"address|person|account|customer|alias|name|domain|host)",
    r"no such|(?:user|recipient|mailbox|address|account|alias|addressee)(?: \S+){0,3} (?:is |was |"
    r"are )?(?:unknown|not (?:found|known|exist|recogni[sz]ed|valid|listed|available|here|our|allowed)|"
    r"invalid|inactive|disabled|suspended|unavailable|closed|terminated|expired|deactivated|discontinued)",
    r"(?:unknown|invalid|illegal|inactive|nonexistent|non-existent|unresolvable|bad|disabled|suspended|"
    r"no)(?: \S+){0,2} (?:user|recipient|mailbox|address|account|alias|local[- ]part|rcpt|destination|person|"
    r"id\b)",
    r"unknown user|user unknown|(?:does|did|do)(?: not|n.t) (?:exist|have an?)|doesn.t exist|not exist|"
    r"no longer|has (?:moved|left|been (?:disabled|suspended|closed|deactivated|removed|deleted))",
    r"no mailbox|unrouteable|not (?:listed|a known|our customer|our user)|(?:could|can)(?: ?not|"
    r"n.t) be (?:found|resolved|located)|(?:was|is)n.t found|wasn.t found|not found|\bnot be found",
    r"(?:host|domain)(?: \S+){0,2} (?:is )?(?:unknown|not found|does)|unknown (?:host|domain)|no mx|"
    r"couldn.t find any host|name service error|nxdomain|not our customer",
    r"address rejected|recipient rejected|rejected address|not recogni[sz]ed|recipnotfound|recipientnotfound|"
    r"unknown or illegal|misspelled|user[^.]{0,20}disabled|account[^.]{0,30}disabled",
    r"unbekannt|existiert nicht|nicht (?:gefunden|bekannt|vorhanden|auffindbar)|ungültig\w* (?:empfänger|"
    r"adress|e-?mail)|kein\w* (?:solch\w*|benutzer|empfänger|postfach)|deaktiviert|gesperrt",
    r"(?:utilisateur|destinataire|adresse|boîte|compte|domaine)[^.]{0,50}(?:inconnu|introuvable|n.existe|"
    r"pas trouvé|invalide|désactivé|pas été trouvé)|n.a pas été trouvé|n.existe (?:pas|plus)|introuvable",
    r"(?:usuario|destinatario|dirección|buzón|cuenta|dominio)[^.]{0,50}(?:desconocid|no existe|"
    r"no (?:se )?(?:encontr|pudo encontrar|ha encontrado)|inválid|no válid|deshabilitad)|no existe|"
    r"no se (?:encontró|encuentra|ha encontrado|pudo encontrar)",
    r"(?:utente|destinatario|indirizzo|casella|account|dominio)[^.]{0,50}(?:sconosciut|inesistente|"
    r"non (?:esiste|trovat|valid|elencat|esistente|è stato trovato)|disattivat)|inesistente|non elencato",
    r"(?:usuário|utilizador|destinatário|endereço|caixa|conta|domínio)[^.]{0,50}(?:desconhecid|inexistente|"
    r"não (?:existe|encontrad|foi encontrad|localizad|válid)|inválid|desativad)|não existe|não foi encontrad",
    r"onbekend|bestaat niet|niet gevonden|okänd|finns inte|hittades inte|existerar inte|ukendt|ukjent|"
    r"findes ikke|finnes ikke|eksisterer ikke|blev ikke fundet|ble ikke funnet",
    r"tuntematon|ei (?:ole olemassa|löy)|nieznan|nie istnieje|nie (?:można )?(?:odnaleźć|znaleziono|"
    r"odnaleziono)|neznám|neexistuje|nenalezen|nebyl[ao]? nalezen|ismeretlen|nem (?:létez|talál)|necunoscut|"
    r"nu (?:există|a fost găsit)",
    r"не (?:существует|найден|найдена|знайден|зарегистрирован|обнаружен)|неизвестн|неверн\w* адрес|невідом|"
    r"не існує|заблокирован|не съществува|непознат|отключ[её]н",
    r"bulunamadı|bilinmeyen|mevcut değil|geçersiz|δεν (?:βρέθηκε|υπάρχει)|άγνωστ|לא (?:נמצא|קיים)|"
    r"غير (?:موجود|معروف|صحيح)|لم يتم العثور",
    r"不存在|不正[确確]|[查找][无無不][到此]|[无無]此|[无無]效|未知(?:用[户戶]|收件)|[没沒]有(?:此|[该該]|"
    r"[这這])|用[户戶][^。\n]{0,6}(?:停用|[禁冻凍])|已(?:停用|[注註][销銷]|[冻凍][结結]|被禁用)",
    r"存在し(?:ません|ない)|見つかりません|見つからない|宛先不明|不明なユーザ|"
    r"該当する?[^。\n]{0,12}(?:ありません|ない)|ユーザ[^。\n]{0,10}(?:いません|不明)|無効な|"
    r"使われておりません|登録されて(?:いません|おりません)",
    r"존재하지|없는 (?:계정|사용자|주소|메일)|찾을 수 없|알 수 없는|사용자가 없|잘못된 (?:주소|수신)|휴면|"
    r"없습니다|không tồn tại|tidak (?:ada|ditemukan)",
)

REFUSED = _any(
    r"reject|refus|den(?:y|ied)|block|spam|polic|not (?:accept|permit|authori[sz]ed|allow)|prohibit|"
    r"permission|relay|bulk|virus|content",
    r"too (?:large|big|long)|exceeds (?:the )?(?:fixed |maximum )?(?:message|size|limit)|size (?:limit|"
    r"exceeds)|blacklist|block ?list|black ?list",
    r"permanent(?:ly)? (?:error|fail|fatal)|failed permanently|fatal|given up|unrecoverable|loop|hop count|"
    r"syntax|not supported|disallowed",
    r"abgelehnt|abgewiesen|verweigert|refusé|rejeté|rechazad|rifiutat|respint|rejeitad|recusad|geweigerd|"
    r"avvisad|afvist|avvist|odrzuc|odmítnut|отклонен|отвергнут|запрещ|reddedil|απορρίφθηκε|拒[收绝絕]|垃圾|"
    r"拒否|거부|차단",
)

# Only a warning: the server goes on trying.
WARNING = _any(
    r"warning (?:message )?only|do not need to resend|not yet been delivered|will keep trying|"
    r"still undelivered|attempts will continue",
    r"will be retried|will (?:re)?try again|will continue (?:to|trying)|still (?:being retried|trying)|"
    r"has been delayed|is delayed|\bdelayed\b|\(delay\)|no action is required",
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
    r"encabezados de mensaje originales|原始[邮郵]件|原[邮郵]件|元の?メッセージ|원본 메(?:시지|일)).{0,80}|"
    r"-{2,}.{0,20}(?:original message|original-?nachricht|message d.origine|mensaje original|messaggio originale|"
    r"mensagem original).{0,60}|[^\w\n]{0,40}original message[^\w\n]{0,40})$|"
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
    r"\b(?:contact|write to|help|support|questions?|assistance|abuse|forward(?:ed)? to|kontakt\w*|"
    r"wenden sie sich an)\b"
    r"[^\n@]{0,40}$|(?:https?://|mailto:)\S*$",
    re.IGNORECASE,
)
