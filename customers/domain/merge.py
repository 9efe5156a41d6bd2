"""Merged customers: a merge moves nothing, the merged customer points to its root."""

from uuid import UUID

from django.db.models import Q

from customers.models import Customer


def members(customer: UUID) -> list[UUID]:
    """The ids of everybody who is this customer: the root first, then those merged into it."""
    root = Customer.objects.filter(pk=customer).values_list("merged_into_id", flat=True).first() or customer
    others = Customer.objects.filter(Q(merged_into=root)).order_by("created_at").values_list("pk", flat=True)
    return [root, *others]
