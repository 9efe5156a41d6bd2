"""What to call a customer on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from customers.models import Customer, Identity

UNKNOWN = "Somebody unknown"


def shown_names(customers: Iterable[Customer]) -> dict[UUID, str]:
    """The name of each, else the first address by which they are known."""
    people = list(customers)
    nameless = [person.pk for person in people if not person.name]
    addresses = dict(
        Identity.objects.filter(customer__in=nameless).order_by("-created_at").values_list("customer_id", "shown")
    )
    return {person.pk: person.name or addresses.get(person.pk, UNKNOWN) for person in people}
