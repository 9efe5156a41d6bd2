"""Who is it? The one door from an address to a customer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from customers.domain.addresses import normalise
from customers.domain.names import person_name
from customers.enums import IdentityKind, NameSource
from customers.events import CustomerChanged, CustomerCreated
from customers.models import Customer, Identity
from foundation import bus


@dataclass(frozen=True)
class Identified:
    """The customer whose address it is (the root, where customers were merged), and whether they are new."""

    customer: Customer
    identity: Identity
    created: bool


def identify(
    kind: IdentityKind, address: str, *, name: str = "", language: str = "", region: str | None = None
) -> Identified:
    """The customer with this address; a new one when nobody has it. Any number of callers at once make one customer.

    `name` is what the sender calls itself; it is taken when it is plausibly a person's and nothing better is known.
    Raises AddressUnusable. Must run in a transaction of the caller's, or makes its own.
    """
    value = normalise(kind, address, region)
    with transaction.atomic():
        found = _look_up(kind, value)
        if found is None:
            found = _create(kind, value, address.strip(), name, language) or _look_up(kind, value)
        if found is None:  # the winner of the race was rolled back after we had waited for it
            found = _create(kind, value, address.strip(), name, language)
        if found is None:
            raise IntegrityError(f"{kind} {value} could not be claimed")
        if not found.created:
            _learn_name(found.customer, name, value)
        return found


def _look_up(kind: IdentityKind, value: str) -> Identified | None:
    identity = (
        Identity.objects.select_related("customer", "customer__merged_into").filter(kind=kind, value=value).first()
    )
    if identity is None:
        return None
    return Identified(identity.customer.merged_into or identity.customer, identity, created=False)


def _create(kind: IdentityKind, value: str, shown: str, name: str, language: str) -> Identified | None:
    """A new customer with this identity, or None when somebody else was quicker."""
    person = person_name(name, value)
    try:
        with transaction.atomic():
            customer = Customer.objects.create(
                name=person.full if person else name.strip()[:200],
                given_name=person.given if person else "",
                name_source=NameSource.HEADER if person else NameSource.UNKNOWN,
                language=language,
            )
            identity = Identity.objects.create(customer=customer, kind=kind, value=value, shown=shown)
            bus.publish(CustomerCreated(customer=customer.pk))
    except IntegrityError:
        return None
    return Identified(customer, identity, created=True)


def _learn_name(customer: Customer, name: str, address: str) -> None:
    if customer.name_source != NameSource.UNKNOWN:
        return
    person = person_name(name, address)
    if person is None:
        return
    customer.name, customer.given_name, customer.name_source = person.full, person.given, NameSource.HEADER
    customer.save(update_fields=["name", "given_name", "name_source"])
    bus.publish(CustomerChanged(customer=customer.pk))
