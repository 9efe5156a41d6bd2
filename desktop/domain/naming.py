"""What to call a customer on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Coalesce

from customers.domain.merge import everybody
from customers.models import Customer, Identity

UNKNOWN = "Somebody unknown"


def shown_names(customers: Iterable[Customer]) -> dict[UUID, str]:
    """The name of each (of its root, where it was merged), else the first address by which they are known."""
    people = {person.pk: person.root for person in customers}
    nameless = [root.pk for root in people.values() if not root.name]
    addresses = _addresses(nameless) if nameless else {}
    return {key: root.name or addresses.get(root.pk, UNKNOWN) for key, root in people.items()}


def _addresses(customers: Iterable[UUID]) -> dict[UUID, str]:
    known = Identity.objects.filter(customer__in=everybody(customers))
    whose = Coalesce("customer__merged_into_id", "customer_id")
    return dict(known.order_by("-created_at").values_list(whose, "shown"))
