"""Who is it? The one door from an address to a customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from customers.domain.addresses import normalise
from customers.domain.names import person_name
from customers.enums import IdentityKind, NameSource
from customers.events import CustomerChanged, CustomerCreated
from customers.models import Customer, Identity
from foundation import bus
from foundation.insert import insert, insert_missing

MOST_IN_VAIN = 2
Key = tuple[IdentityKind, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An address to identify, with what its owner calls itself."""

    kind: IdentityKind
    address: str
    name: str = ""
    language: str = ""
    region: str | None = None


@dataclass(frozen=True)
class Identified:
    """The customer whose address it is (the root, where customers were merged), and whether they are new."""

    customer: Customer
    identity: Identity
    created: bool

    @property
    def owner(self) -> Customer:
        """Whose the address itself is: what comes from it is written here, and stays when a merge is undone."""
        return self.identity.customer


def identify(
    kind: IdentityKind, address: str, *, name: str = "", language: str = "", region: str | None = None
) -> Identified:
    """The customer with this address; a new one when nobody has it. Any number of callers at once make one customer.

    `name` is what the sender calls itself; it is taken when it is plausibly a person's and nothing better is known.
    Raises AddressUnusable. Must run in a transaction of the caller's, or makes its own.
    """
    return identify_all([Asked(kind=kind, address=address, name=name, language=language, region=region)])[0]


def identify_all(asked: Sequence[Asked]) -> list[Identified]:
    """Each as `identify` would, one after the other, in few statements: who asks twice for a new one makes one."""
    keys = [(each.kind, normalise(each.kind, each.address, each.region)) for each in asked]
    with transaction.atomic(savepoint=False):
        found = _found_or_made(keys, asked)
        answers: list[Identified] = []
        told: set[Key] = set()
        for key, each in zip(keys, asked, strict=True):
            answer = found[key]
            if key in told:
                answer = Identified(answer.customer, answer.identity, created=False)
            if not answer.created:
                _learn_name(answer.owner, each.name, key[1])
            told.add(key)
            answers.append(answer)
        return answers


def _found_or_made(keys: Sequence[Key], asked: Sequence[Asked]) -> dict[Key, Identified]:
    first = dict(zip(reversed(keys), reversed(asked), strict=True))  # the first asker names a new customer
    found = _look_up(first)
    in_vain = 0
    while missing := {key: each for key, each in first.items() if key not in found}:
        more = _create(missing) or _look_up(missing)
        in_vain = 0 if more else in_vain + 1  # who was quicker is gone again
        if in_vain == MOST_IN_VAIN:
            names = ", ".join(f"{kind} {value}" for kind, value in missing)
            raise IntegrityError(f"{names} could not be claimed")
        found |= more
    return found


def _look_up(keys: Iterable[Key]) -> dict[Key, Identified]:
    values: dict[IdentityKind, list[str]] = {}
    for kind, value in keys:
        values.setdefault(kind, []).append(value)
    found: dict[Key, Identified] = {}
    owners: dict[UUID, Customer] = {}  # one object for each, so that what one address teaches is known by the other
    for kind, wanted in values.items():
        known = Identity.objects.select_related("customer", "customer__merged_into").filter(kind=kind, value__in=wanted)
        for identity in known:
            identity.customer = owners.setdefault(identity.customer_id, identity.customer)
            root = identity.customer.merged_into or identity.customer
            found[kind, identity.value] = Identified(root, identity, created=False)
    return found


def _create(missing: dict[Key, Asked]) -> dict[Key, Identified]:
    """New customers with these identities, but for those with which somebody else was quicker.

    The addresses first: who is too late has written no customer, and the search key of each is made once.
    """
    asked = {key: _new(key, missing[key]) for key in sorted(missing)}  # in one order everywhere: nobody waits in a ring
    ours = {identity.pk for identity in insert_missing([new.identity for new in asked.values()])}
    made = {key: new for key, new in asked.items() if new.identity.pk in ours}
    insert(new.customer for new in made.values())
    bus.publish_all(CustomerCreated(customer=new.customer.pk) for new in made.values())
    return made


def _new(key: Key, asked: Asked) -> Identified:
    kind, value = key
    person = person_name(asked.name, value)
    customer = Customer(
        name=person.full if person else asked.name.strip()[:200],
        given_name=person.given if person else "",
        name_source=NameSource.HEADER if person else NameSource.UNKNOWN,
        language=asked.language,
    )
    identity = Identity(customer=customer, kind=kind, value=value, shown=asked.address.strip())
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
