"""Whom blocking a whole domain would turn away besides the one who is meant."""

from __future__ import annotations

from dataclasses import dataclass

from customers.domain.reach import count_customers_at

MANY = 1000  # nobody needs to know more exactly

# Where anybody gets an address for nothing; the largest providers' domains, as their own sign-up pages offer them.
_FREE = (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com hotmail.co.uk hotmail.fr hotmail.de outlook.de "
    "outlook.fr live.se live.nl hotmail.se yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.co.jp ymail.com aol.com "
    "icloud.com me.com mac.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de freenet.de t-online.de mail.com "
    "proton.me protonmail.com pm.me tutanota.com tuta.com zoho.com fastmail.com orange.fr free.fr laposte.net "
    "wanadoo.fr libero.it virgilio.it tiscali.it wp.pl o2.pl onet.pl interia.pl seznam.cz telia.com bredband.net "
    "mail.ru yandex.ru yandex.com bk.ru qq.com 163.com 126.com naver.com daum.net rediffmail.com uol.com.br "
    "bol.com.br terra.com.br comcast.net verizon.net att.net btinternet.com sky.com ziggo.nl kpnmail.nl"
)
FREE = frozenset(_FREE.split())


@dataclass(frozen=True)
class Reach:
    """`customers` have an address at `value` (@domain); MANY for as many or more. `free`: anybody can have one."""

    value: str
    customers: int
    free: bool

    def words(self) -> str:
        some = f"{self.customers:,}{' or more' if self.customers >= MANY else ''}"
        known = f"{some} known customer{' has' if self.customers == 1 else 's have'} an address at {self.value}."
        theirs = "Everything they write would be turned away." if self.customers else ""
        anybody = f"Anybody can have an address at {self.value}; customers to come would be turned away, too."
        return " ".join(
            part for part in (known if self.customers else "", theirs, anybody if self.free else "") if part
        )


def reach_of(value: str, *, but: str = "") -> Reach | None:
    """What somebody must be told before `value` is blocked, in its normal form; None for an address, and for a domain
    at which nobody is known but the owner of the address `but`.
    """
    if not value.startswith("@"):
        return None
    domain = value.removeprefix("@")
    customers = count_customers_at(domain, limit=MANY, but=but)
    reach = Reach(value, customers, free=domain in FREE)
    return reach if reach.customers or reach.free else None
