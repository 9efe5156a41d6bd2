"""Why a mail did not arrive, as patterns in lower case. Data only; facts from servers' own texts.

In the order in which they decide: a full mailbox, an address that is none, an obstacle that passes, a refusal.
"""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


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
    r"(?:dépass|excéd|satur|pleine)\w*[^.\n]{0,40}(?:quota|boîte|boite|capacité|espace|messagerie|stockage)|"
    r"(?:excedid|excede|superad|supera|sobrepas|llen[oa]|agotad)\w*[^.\n]{0,40}(?:cuota|buzón|casilla|espacio|"
    r"capacidad|almacenamiento)",
    r"(?:superat|supera|esaurit|ecced)\w*[^.\n]{0,40}(?:quota|casella|spazio|capacità)|"
    r"(?:excede|ultrapass|lotad|esgotad)\w*[^.\n]{0,40}(?:cota|quota|caixa|espaço|armazenamento)",
    r"(?:überschr\w+|erschöpft|überfüllt)[^.\n]{0,40}(?:postfach|speicher|kontingent|quota)|"
    r"(?:kontingent|speicherplatz)[^.\n]{0,40}(?:überschr|erschöpft|aufgebraucht|nicht aus)|"
    r"overschr\w+[^.\n]{0,40}(?:quotum|postvak|mailbox|limiet)",
    r"przekroczon\w*[^.\n]{0,40}(?:limit|pojemno|quota)|překročen\w*[^.\n]{0,40}(?:kvót|limit|kapacit)",
    r"переполнен|переповнен|квота[^.]{0,30}превышен|превышен[^.]{0,30}(?:квот|размер\w* ящик)|нет места",
    r"(?:posta )?kutusu[^.]{0,30}dolu|kota[^.]{0,20}aşıl|γραμματοκιβώτιο[^.]{0,40}πλήρ",
    r"overdrawn|邮件数量限制|(?:[邮郵信件]箱|[空][间間]|容量|配[额額])[^。\n]{0,12}(?:已?[满滿]|不足|超[过過出限])|"
    r"超[过過出]?[^。\n]{0,8}(?:容量|限额|配额)",
    r"(?:メールボックス|受信箱|受信ボックス|ボックス|容量|保存)[^。\n]{0,16}(?:一杯|いっぱい|満杯|超過|超え|"
    r"オーバー|不足|上限)",
    r"(?:메일함|편지함|용량|사서함|메일박스)[^.\n]{0,14}(?:초과|가득|부족|꽉)|mapiexceptionshutoffquotaexceeded",
)

LATER = _any(
    r"aborted after [\d.]+ (?:minute|hour|day)",
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
    r"non-?existent|(?:unknown|invalid|illegal|inactive|unresolvable|bad|disabled|suspended|"
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
    r"dns (?:query )?error|bad (?:host|recipient)|user hang ?up|未[开開]通|休眠|"
    r"域名[^。\n]{0,10}(?:[错錯][误誤]|[过過]期)",
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
