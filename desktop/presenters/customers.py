"""Customers as lines of a list, and one of them as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from customers.domain.merge import everybody
from customers.models import Customer, Identity
from desktop.domain.naming import shown_names
from desktop.presenters.words import Face, face

SHOWN_ADDRESSES = 3


@dataclass(frozen=True)
class CustomerLine:
    id: UUID
    url: str
    name: str
    face: Face
    addresses: str
    organisation: str
    since: datetime


def customer_lines(customers: Sequence[Customer]) -> list[CustomerLine]:
    """The lines of these roots, in as many queries for one as for many."""
    keys = [customer.pk for customer in customers]
    names = shown_names(customers)
    addresses: dict[UUID, list[str]] = {}
    known = Identity.objects.filter(customer__in=everybody(keys)).select_related("customer")
    for identity in known.order_by("kind", "created_at"):
        addresses.setdefault(identity.customer.root_id, []).append(identity.shown)
    return [
        CustomerLine(
            id=customer.pk,
            url=reverse("desktop:customer", args=[customer.pk]),
            name=names[customer.pk],
            face=face(names[customer.pk]),
            addresses=", ".join(addresses.get(customer.pk, [])[:SHOWN_ADDRESSES]),
            organisation=customer.organisation.name if customer.organisation else "",
            since=customer.created_at,
        )
        for customer in customers
    ]
