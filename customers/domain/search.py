"""Finding customers by a part of their name, address or number."""

from __future__ import annotations

import re

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Customer, Identity


def search_customers(customers: QuerySet[Customer], query: str) -> QuerySet[Customer]:
    """Those whose name, address or number contains `query`; merged ones show as their root, not by themselves."""
    words = query.replace("\x00", "").split()[:5]
    found = customers.filter(merged_into=None)
    for word in words:
        text = word[:100]
        digits = re.sub(r"\D", "", text)
        inside = Q(value__contains=text.lower())
        if len(digits) >= 4 and not re.search(r"[^\d\s()+./-]", text):
            inside |= Q(kind="phone", value__contains=digits.removeprefix("00").lstrip("0"))
        identities = Identity.objects.filter(inside)
        found = found.filter(
            Q(name__icontains=text)
            | Exists(identities.filter(customer=OuterRef("pk")))
            | Exists(identities.filter(customer__merged_into=OuterRef("pk")))
        )
    return found
