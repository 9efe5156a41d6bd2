"""Correcting a customer's record. Each change is kept with who made it and when (see `history`)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction

from customers.domain.addresses import normalise
from customers.domain.authorship import by
from customers.domain.merge import members
from customers.domain.names import person_name
from customers.enums import IdentityKind, NameSource, Purpose
from customers.errors import IdentityTaken
from customers.events import CustomerChanged
from customers.models import Consent, Customer, Identity
from foundation import bus, clock

EDITABLE = (
    "name",
    "given_name",
    "language",
    "time_zone",
    "preferred_channel",
    "organisation",
    "unit",
    "remarks",
)


def change_customer(customer: UUID, changes: Mapping[str, object], *, agent: UUID | None, why: str = "") -> Customer:
    """Sets some of the EDITABLE fields. A name that a person typed counts as confirmed.

    Raises ValidationError for an unknown field or a value that its field does not take.
    """
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise ValidationError(f"{', '.join(sorted(unknown))} cannot be changed.")
    with transaction.atomic(), by(agent, why):
        locked = Customer.objects.select_for_update().get(pk=customer)
        changed = {field for field, value in changes.items() if getattr(locked, field) != value}
        if not changed:
            return locked
        for field in changed:
            value = changes[field]
            setattr(locked, field, " ".join(value.split()) if isinstance(value, str) and field != "remarks" else value)
        if changed & {"name", "given_name"}:
            locked.name_source = NameSource.CONFIRMED if locked.name or locked.given_name else NameSource.UNKNOWN
            changed.add("name_source")
        if "name" in changed and "given_name" not in changed:
            person = person_name(locked.name)
            locked.given_name = person.given if person else ""
            changed.add("given_name")
        if locked.time_zone and locked.time_zone not in available_timezones():
            raise ValidationError({"time_zone": "This is not a time zone such as Europe/Stockholm."})
        locked.clean_fields(exclude={field.name for field in locked._meta.fields if field.name not in changed})
        locked.save(update_fields=sorted(changed))
        bus.publish(CustomerChanged(customer=locked.pk))
        return locked


def add_identity(
    customer: UUID, kind: IdentityKind, address: str, *, agent: UUID | None, region: str | None = None
) -> Identity:
    """Another address of the customer. Raises AddressUnusable, or IdentityTaken when somebody else has it."""
    value = normalise(kind, address, region)
    with transaction.atomic(), by(agent):
        identity, created = Identity.objects.get_or_create(
            kind=kind, value=value, defaults={"customer_id": customer, "shown": address.strip()}
        )
        if identity.customer_id not in members(customer):
            raise IdentityTaken(f"{address} belongs to another customer.", identity.customer_id)
        if created:
            bus.publish(CustomerChanged(customer=customer))
        return identity


def remove_identity(customer: UUID, identity: UUID, *, agent: UUID | None) -> None:
    """Takes an address off the customer; a later message from it will be somebody new's."""
    with transaction.atomic(), by(agent):
        deleted, _ = Identity.objects.filter(pk=identity, customer__in=members(customer)).delete()
        if deleted:
            bus.publish(CustomerChanged(customer=customer))


def verify_identity(customer: UUID, identity: UUID, how: str, *, agent: UUID | None) -> None:
    """The address was seen to be the customer's; `how` says from what."""
    with transaction.atomic(), by(agent):
        changed = Identity.objects.filter(pk=identity, customer__in=members(customer), verified_at=None).update(
            verified_at=clock.now(), verified_by=how[:120]
        )
        if changed:
            bus.publish(CustomerChanged(customer=customer))


def set_consent(
    customer: UUID, channel: str, purpose: Purpose, *, granted: bool, source: str, agent: UUID | None
) -> Consent:
    """Stores that the customer allows or forbids a channel for a purpose, and from what we know it."""
    with transaction.atomic(), by(agent):
        consent, created = Consent.objects.select_for_update().get_or_create(
            customer_id=customer,
            channel=channel,
            purpose=purpose,
            defaults={"granted": granted, "since": clock.now(), "source": source[:200]},
        )
        if not created and consent.granted != granted:
            consent.granted, consent.since, consent.source = granted, clock.now(), source[:200]
            consent.save(update_fields=["granted", "since", "source"])
        bus.publish(CustomerChanged(customer=customer))
        return consent
