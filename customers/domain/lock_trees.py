"""Customers locked with everybody merged into them: all that a merge or its undoing writes, before the first write."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from customers.errors import CannotMerge
from customers.models import Customer, SearchKey

TOGETHER = 3
"""Attempts beside others who merge; who was overtaken as often lets them end, and goes on alone."""
ATTEMPTS = 5


def lock_trees(*customers: UUID) -> list[Customer]:
    """The roots of these customers, as they are once they and all their members are locked, each in the order of ids.

    Somebody else may merge one of them while we wait for a lock; then we let go of all and look again. Raises
    CannotMerge when one is no longer there, or when who belongs to whom is another at each of ATTEMPTS looks.
    """
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                _take_turn(alone=attempt >= TOGETHER)
                return _lock(customers)
        except _OvertakenError:
            continue
    raise CannotMerge("Others are merging the same customers right now. Try again in a moment.")


class _OvertakenError(Exception):
    """Who belongs to whom is another by now; the locks must be let go before looking again."""


def _take_turn(*, alone: bool) -> None:
    """Until the end of the transaction: beside everybody else who merges, or without them."""
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext('customers.merge'))")


def _lock(customers: tuple[UUID, ...]) -> list[Customer]:
    found = _belongings(customers)
    if missing := set(customers) - found.keys():
        if Customer.objects.filter(pk__in=missing).count() < len(missing):
            raise CannotMerge("One of them is no longer there.")
        raise _OvertakenError
    # No stronger than the writes that follow: who stores a message or an address of theirs does not wait for us, nor
    # we for them.
    wanted = Customer.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=found).order_by("pk")
    locked = {row.pk: row for row in wanted}
    if _belongings(customers) != found:
        raise _OvertakenError
    # Triggers write these; who stores an address takes a member's before its root's.
    keys = SearchKey.objects.select_for_update(of=("self",)).filter(customer__in=found)
    list(keys.order_by(F("customer__merged_into").asc(nulls_last=True), "customer_id").values_list("pk"))
    return [locked[found[customer]] for customer in customers]


def _belongings(customers: tuple[UUID, ...]) -> dict[UUID, UUID]:
    """Everybody who is one person with one of these, with their roots."""
    belongs_to = Coalesce("merged_into_id", "id")
    roots = list(Customer.objects.filter(pk__in=customers).values_list(belongs_to, flat=True))
    people = Customer.objects.filter(Q(pk__in=roots) | Q(merged_into__in=roots))
    return dict(people.values_list("pk", belongs_to))
