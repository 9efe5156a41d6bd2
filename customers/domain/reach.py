"""Whether an address still reaches its owner: undeliverable since, and why; reachable again; complained of us;
wanted or blocked.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from customers.domain.addresses import normalise
from customers.domain.authorship import by
from customers.enums import IdentityKind
from customers.errors import AddressUnusable
from customers.events import CustomerChanged
from customers.models import Identity
from foundation import bus, clock


def mark_undeliverable(kind: IdentityKind, address: str, reason: str) -> bool:
    """Somebody who must know says that nothing reaches this address; the first time and the last reason are kept.

    False when nobody is known by it.
    """
    with transaction.atomic(), by(None, "a delivery report"):
        identity = _locked(kind, address)
        if identity is None:
            return False
        identity.bounced_at = identity.bounced_at or clock.now()
        identity.bounce_reason = reason.replace("\x00", "")[:300]
        identity.save(update_fields=["bounced_at", "bounce_reason"])
        bus.publish(CustomerChanged(customer=identity.customer_id))
        return True


def mark_complaint(kind: IdentityKind, address: str) -> Identity | None:
    """Its owner called a mail of ours spam; the first time is kept. None when nobody is known by it."""
    with transaction.atomic(), by(None, "a complaint"):
        identity = _locked(kind, address)
        if identity is not None and identity.complained_at is None:
            identity.complained_at = clock.now()
            identity.save(update_fields=["complained_at"])
            bus.publish(CustomerChanged(customer=identity.customer_id))
        return identity


def mark_reachable(identity: Identity) -> None:
    """Its owner wrote from it, so what reports said of it is over."""
    with transaction.atomic(), by(None, "a message from this address"):
        changed = Identity.objects.filter(pk=identity.pk).exclude(bounced_at=None)
        if changed.update(bounced_at=None, bounce_reason=""):
            bus.publish(CustomerChanged(customer=identity.customer_id))


def set_blocked(kind: IdentityKind, address: str, *, blocked: bool, agent: UUID | None) -> None:
    """Shows on the record that mail from this address is turned away, or no longer; nothing where nobody has it."""
    with transaction.atomic(), by(agent):
        identity = _locked(kind, address)
        if identity is None or (identity.blocked_at is not None) == blocked:
            return
        identity.blocked_at = clock.now() if blocked else None
        identity.save(update_fields=["blocked_at"])
        bus.publish(CustomerChanged(customer=identity.customer_id))


def count_customers_at(domain: str, *, limit: int, but: str = "") -> int:
    """How many customers have an e-mail address at the domain or at one below it; `limit` where it is as many or more.

    The owner of the address `but` is not counted. Reads all addresses where few are found: for a question to a person.
    """
    at = Identity.objects.filter(Q(value__endswith=f"@{domain}") | Q(value__endswith=f".{domain}"))
    others = at.filter(kind=IdentityKind.EMAIL).order_by()
    if but:
        owner = Identity.objects.filter(kind=IdentityKind.EMAIL, value=but.strip().lower()).values("customer_id")
        others = others.exclude(customer_id__in=owner)
    return others.values("customer_id").distinct()[:limit].count()


def _locked(kind: IdentityKind, address: str) -> Identity | None:
    try:
        value = normalise(kind, address)
    except AddressUnusable:
        return None
    return Identity.objects.select_for_update().filter(kind=kind, value=value).first()
