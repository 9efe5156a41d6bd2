"""Same person? One customer's data names an address that is another's; where both are verified, somebody may ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.domain.merge import members
from customers.events import CustomerChanged
from customers.models import Claim, Customer, Identity
from foundation import bus, clock


@dataclass(frozen=True)
class Suggestion:
    """Perhaps one person: the other customer (a root), and the claims it is read from."""

    other: Customer
    evidence: Sequence[Claim]


def claim(customer: UUID, identity: Identity, *, source: str, verified: bool, agent: UUID | None = None) -> Claim:
    """Stores that `customer` is said to have an address which is another customer's. Again: the same claim.

    A claim that somebody has dismissed stays so, unless it was not verified then and is now.
    """
    with transaction.atomic():
        row, created = Claim.objects.select_for_update(of=("self",)).get_or_create(
            customer_id=customer,
            identity=identity,
            defaults={
                "source": source[:200],
                "claimed_by_id": agent,
                "verified_at": clock.now() if verified else None,
            },
        )
        if not created and verified and row.verified_at is None:
            row.source, row.claimed_by_id, row.verified_at = source[:200], agent, clock.now()
            row.dismissed_at = row.dismissed_by = None
            row.save(update_fields=["source", "claimed_by", "verified_at", "dismissed_at", "dismissed_by"])
        bus.publish(CustomerChanged(customer=customer))
        bus.publish(CustomerChanged(customer=identity.customer_id))
        return row


def suggestion(everybody: Sequence[UUID]) -> Suggestion | None:
    """Who else this customer (`everybody` are its members, the root first) surely is: verified, and nobody but one.

    Two people who share a family's address, or a customer whose data leads to two others, are no match.
    """
    found = _others(everybody)
    if len(found) != 1:
        return None
    ((other, evidence),) = found.items()
    back = _others(members(other))
    return Suggestion(_root(evidence[0], everybody), evidence) if back.keys() == {everybody[0]} else None


def with_claims(identities: QuerySet[Identity]) -> QuerySet[Identity]:
    """Each with whether there is an open claim to it or by its customer (`claimed`): else nothing can be suggested."""
    concerned = Q(identity=OuterRef("pk")) | Q(customer=OuterRef("customer"))
    return identities.annotate(claimed=Exists(_open().filter(concerned)))


def dismiss(customer: UUID, other: UUID, *, agent: UUID | None) -> int:
    """They are two people: it is not asked again for the same addresses. How many claims there were."""
    ours, theirs = members(customer), members(other)
    between = Q(customer__in=ours, identity__customer__in=theirs) | Q(customer__in=theirs, identity__customer__in=ours)
    with transaction.atomic():
        dismissed = Claim.objects.filter(between, dismissed_at=None).update(
            dismissed_at=clock.now(), dismissed_by_id=agent
        )
        for one in (ours[0], theirs[0]):
            bus.publish(CustomerChanged(customer=one))
        return dismissed


def _open() -> QuerySet[Claim]:
    return Claim.objects.filter(verified_at__isnull=False, dismissed_at=None, identity__verified_at__isnull=False)


def _others(everybody: Sequence[UUID]) -> dict[UUID, list[Claim]]:
    """Who else is meant by open claims from and to these customers: the claims by the other's root."""
    claims = (
        _open()
        .filter(Q(customer__in=everybody) | Q(identity__customer__in=everybody))
        .select_related("customer__merged_into", "identity__customer__merged_into")
        .order_by("created_at", "pk")
    )
    found: dict[UUID, list[Claim]] = {}
    for each in claims:
        roots = {each.customer.root_id, each.identity.customer.root_id} - {everybody[0]}
        for other in roots:
            found.setdefault(other, []).append(each)
    return found


def _root(evidence: Claim, everybody: Sequence[UUID]) -> Customer:
    ours = set(everybody)
    other = evidence.identity.customer if evidence.customer_id in ours else evidence.customer
    return other.merged_into or other
