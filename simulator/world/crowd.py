"""The retailer's customers: people, their addresses and numbers, their companies, and what they agreed to."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from customers.models import Consent, Customer, Identity, Organisation, Unit
from simulator.world.copy import Copy
from simulator.world.names import Person, people
from simulator.world.sources import read

WITH_COMPANY = 0.12
REMARKS = (
    "Prefers to be called in the afternoon.",
    "Third floor without a lift; carrying service agreed.",
    "Is deaf: never call, always write.",
    "Has a standing order of spare felt pads; be generous.",
    "Asked twice about the guarantee of the old series.",
)


@dataclass(frozen=True)
class Regular:
    """A customer who may have written: the person and the row's key."""

    key: UUID
    person: Person
    business: bool


def gather(rng: random.Random, count: int, start: datetime) -> list[Regular]:
    """`count` customers, known since some day in the two years before `start`."""
    units = _organisations()
    customers, identities, consents = Copy(Customer), Copy(Identity), Copy(Consent)
    crowd = []
    for person, _ in zip(people(rng), range(count), strict=False):
        since = start - timedelta(days=rng.random() * 700)
        unit = rng.choice(units) if rng.random() < WITH_COMPANY else None
        key = customers.add(
            since,
            name=person.name,
            given_name=person.given,
            name_source="confirmed" if rng.random() < 0.4 else "header",
            language=person.language,
            time_zone=person.time_zone,
            preferred_channel=rng.choice(["email", "email", "email", "voice", ""]),
            organisation_id=unit.organisation_id if unit else None,
            unit_id=unit.pk if unit else None,
            remarks=rng.choice(REMARKS) if rng.random() < 0.03 else "",
        )
        _known_by(rng, identities, key, person, since)
        _agreed(rng, consents, key, since)
        crowd.append(Regular(key, person, unit is not None))
    for rows in (customers, identities, consents):
        rows.write()
    return crowd


def _known_by(rng: random.Random, identities: Copy, customer: UUID, person: Person, since: datetime) -> None:
    verified = since + timedelta(days=1) if rng.random() < 0.55 else None
    how = "link in the order confirmation" if verified else ""
    email = {"kind": "email", "value": person.address, "shown": person.address}
    identities.add(since, customer_id=customer, verified_at=verified, verified_by=how, **email)
    if person.phone:
        phone = {"kind": "phone", "value": person.phone, "shown": person.phone}
        identities.add(since, customer_id=customer, **phone)
    if rng.random() < 0.3:
        number = f"TH-{customer.int % 10**9:09d}"
        identities.add(
            since,
            customer_id=customer,
            kind="account",
            value=number,
            shown=number,
            verified_at=since,
            verified_by="issued by us",
        )


def _agreed(rng: random.Random, consents: Copy, customer: UUID, since: datetime) -> None:
    if rng.random() < 0.85:
        consents.add(
            since,
            customer_id=customer,
            channel="email",
            purpose="service",
            granted=True,
            since=since,
            source="Order form",
        )
    if rng.random() < 0.6:
        granted = rng.random() < 0.45
        consents.add(
            since,
            customer_id=customer,
            channel="email",
            purpose="marketing",
            granted=granted,
            since=since,
            source="Account page",
        )
    if rng.random() < 0.2:
        consents.add(
            since,
            customer_id=customer,
            channel="sms",
            purpose="service",
            granted=True,
            since=since,
            source="Delivery form",
        )


def _organisations() -> list[Unit]:
    source = read("company")["organisations"]
    organisations = Organisation.objects.bulk_create(
        Organisation(name=name, key_account=name in source["key_accounts"])
        for name in (*source["key_accounts"], *source["others"])
    )
    return Unit.objects.bulk_create(
        Unit(organisation=organisation, kind=kind, name=name)
        for number, organisation in enumerate(organisations)
        for kind, names in (("location", source["locations"]), ("division", source["divisions"]))
        for name in names[: 1 + (number + len(kind)) % 3]
    )
