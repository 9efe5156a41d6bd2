"""Who takes part in a case: those who wrote in it, and those whom an agent wrote to."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from customers.domain.addresses import normalise
from customers.enums import IdentityKind
from customers.errors import AddressUnusable
from interactions.models import AddressLine, Case, Participant


def invite(case: Case, kind: str, lines: Iterable[AddressLine]) -> None:
    """Whoever an agent writes to takes part from now on, also one who was a stranger before."""
    invited: dict[str, Participant] = {}
    for line in lines:
        try:
            address = normalise(IdentityKind(kind), line["address"])
        except AddressUnusable:
            continue
        invited[address] = Participant(case=case, kind=kind, address=address, name=line["name"][:200])
    Participant.objects.bulk_create(
        invited.values(),
        update_conflicts=True,
        unique_fields=["case", "kind", "address"],
        update_fields=["stranger"],
    )


def known_side(case: Case, kind: str) -> QuerySet[Participant]:
    """Those who take part on the customer's side: neither strangers nor third parties that we asked."""
    return Participant.objects.filter(case=case, kind=kind, stranger=False, third_party=False)
