"""Domains at which anybody gets an address: they say nothing of who belongs together."""

from __future__ import annotations

_FAMILIES = frozenset({"gmx", "hotmail", "live", "outlook", "yahoo", "yandex", "ymail"})  # under many countries
_SECOND_LEVELS = frozenset({"ac", "co", "com", "net", "org"})
_NAMES = (
    "126.com 163.com aim.com aol.com att.net bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br bredband.net "
    "btinternet.com comcast.net cox.net daum.net duck.com fastmail.com fastmail.fm free.fr freenet.de gmail.com "
    "googlemail.com hanmail.net hey.com hushmail.com icloud.com ig.com.br inbox.lv interia.pl kpnmail.nl "
    "laposte.net libero.it list.ru mac.com mail.com mail.ru mailbox.org me.com msn.com naver.com neuf.fr o2.pl "
    "onet.pl online.no op.pl orange.fr passport.com pm.me posteo.de proton.me protonmail.com qq.com rambler.ru "
    "rediffmail.com rocketmail.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com spray.se "
    "t-online.de telia.com terra.com.br tin.it tiscali.it tuta.com tutanota.com uol.com.br verizon.net "
    "virgilio.it wanadoo.fr web.de wp.pl xtra.co.nz ziggo.nl zoho.com "
)
_DOMAINS = frozenset(_NAMES.split())


def is_free_mail(domain: str) -> bool:
    """Whether a domain, in lower case, is a large provider's, as their own sign-up pages offer them."""
    labels = domain.split(".")
    return domain in _DOMAINS or (labels[0] in _FAMILIES and (len(labels) == 2 or labels[1] in _SECOND_LEVELS))
