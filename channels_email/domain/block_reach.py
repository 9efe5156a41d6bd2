"""Whom blocking a whole domain would turn away besides the one who is meant."""

from __future__ import annotations

from dataclasses import dataclass

from customers.domain.free_mail import is_free_mail
from customers.domain.reach import count_customers_at

MANY = 1000  # nobody needs to know more exactly


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
    reach = Reach(value, customers, free=is_free_mail(domain))
    return reach if reach.customers or reach.free else None
