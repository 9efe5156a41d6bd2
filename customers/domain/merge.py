"""Merged customers: a merge moves nothing. The merged customer points to its root, and undoing clears the pointer.

Who belongs to whom is said by the `Merge` rows that were not undone; each pointer leads straight to the root, so that
reading never follows a chain. Whatever comes in meanwhile is written to the customer whose address it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.domain.authorship import by
from customers.domain.lock_trees import lock_trees
from customers.enums import Side
from customers.errors import CannotMerge, CannotUndo
from customers.events import CustomerChanged, CustomersMerged, MergeUndone
from customers.models import Customer, Merge
from foundation import bus, clock
from foundation.deadlock import past_deadlocks

CHOOSABLE = {
    "name": ("name", "given_name", "name_source"),
    "language": ("language",),
    "time_zone": ("time_zone",),
    "preferred_channel": ("preferred_channel",),
    "organisation": ("organisation_id", "unit_id"),
    "remarks": ("remarks",),
}
"""What people choose between, with the columns that only make sense together."""


def merged_into(customer: str) -> ArraySubquery:
    """Of a row with a customer, the ids of those merged with that one, its root left out, as a column."""
    root = Coalesce(OuterRef(f"{customer}__merged_into"), OuterRef(customer))
    return ArraySubquery(Customer.objects.filter(merged_into=root).order_by("created_at").values("pk"))


def members(customer: UUID) -> list[UUID]:
    """The ids of everybody who is this customer: the root first, then those merged into it."""
    root = Subquery(Customer.objects.filter(pk=customer).values(root=Coalesce("merged_into_id", "id"))[:1])
    found = Customer.objects.filter(Q(pk=root) | Q(merged_into=root))
    ordered = found.order_by(F("merged_into").asc(nulls_first=True), "created_at")
    return list(ordered.values_list("pk", flat=True)) or [customer]


def everybody(customers: QuerySet[Any, Any] | Iterable[UUID]) -> QuerySet[Customer, UUID]:
    """The ids of all who are one person with one of these."""
    roots = Customer.objects.filter(pk__in=customers).values(root=Coalesce("merged_into_id", "id"))
    return Customer.objects.filter(Q(pk__in=roots) | Q(merged_into__in=roots)).values_list("pk", flat=True)


def merge(
    customer: UUID, into: UUID, *, agent: UUID | None, sides: Mapping[str, Side] | None = None, evidence: str = ""
) -> Merge:
    """Makes `customer` and `into` (the roots, where they were merged before) one person; nothing else is moved.

    `sides` says for fields of CHOOSABLE whose value the remaining record shows; what is left out it keeps. Raises
    CannotMerge when they are one already, or for a field that nobody chooses.
    """
    if unknown := set(sides or {}) - set(CHOOSABLE):
        raise CannotMerge(f"{', '.join(sorted(unknown))} cannot be chosen.")

    def write() -> Merge:
        source, target = lock_trees(customer, into)
        if source.pk == target.pk:
            raise CannotMerge("They are one customer already.")
        taken = _take(source, target, sides or {})
        row = Merge.objects.create(source=source, target=target, agent_id=agent, evidence=evidence[:400], taken=taken)
        Customer.objects.filter(merged_into=source).update(merged_into=target)
        source.merged_into = target
        source.save(update_fields=["merged_into"])
        bus.publish(CustomersMerged(customer=source.pk, into=target.pk, merge=row.pk))
        _tell(source.pk, target.pk)
        return row

    with by(agent, "merge"):
        return past_deadlocks(write)


def standing_merge(customer: UUID, other: UUID) -> Merge | None:
    """The merge by which two customers are one, that of `customer` first; None when they are two."""
    if other not in members(customer):
        return None
    held = {row.source_id: row for row in Merge.objects.filter(source__in=[customer, other], undone_at=None)}
    return held.get(customer) or held.get(other)


def undo_merge(merge: UUID, *, agent: UUID | None) -> Merge:
    """Takes the merge back: who came with it leaves with it, values that were taken over and not changed since return.

    Any merge can be undone, in any order. Raises CannotUndo when it was undone before, or while others are at it.
    """

    def write() -> Merge:
        source_id = Merge.objects.values_list("source", flat=True).get(pk=merge)
        try:
            (root,) = lock_trees(source_id)
        except CannotMerge as error:
            raise CannotUndo(str(error)) from error
        row = Merge.objects.select_for_update(of=("self",)).get(pk=merge)
        if row.undone_at is not None:
            raise CannotUndo("This merge was undone already.")
        row.undone_at, row.undone_by_id = clock.now(), agent
        row.save(update_fields=["undone_at", "undone_by"])
        came_along = _came_with(row.source_id)
        Customer.objects.filter(pk=row.source_id).update(merged_into=None)
        Customer.objects.filter(pk__in=came_along).update(merged_into=row.source_id)
        _give_back(row)
        bus.publish(MergeUndone(customer=row.source_id, into=root.pk, merge=row.pk))
        _tell(row.source_id, root.pk)
        return row

    with by(agent, "undo merge"):
        return past_deadlocks(write)


def _take(source: Customer, target: Customer, sides: Mapping[str, Side]) -> dict[str, list[Any]]:
    """Writes the chosen values on `target`; what stood there and stands there now, for giving them back."""
    taken: dict[str, list[Any]] = {}
    for field, side in sides.items():
        for column in CHOOSABLE[field] if side != Side.KEEP else ():
            before, fresh = getattr(target, column), getattr(source, column)
            if side == Side.BOTH and field == "remarks":
                fresh = "\n".join(dict.fromkeys(value for value in (before, fresh) if value))
            if before != fresh:
                setattr(target, column, fresh)
                taken[column] = [_plain(before), _plain(fresh)]
    if taken:
        target.save(update_fields=[column.removesuffix("_id") for column in taken])
    return taken


def _give_back(row: Merge) -> None:
    target = Customer.objects.get(pk=row.target_id)  # locked by now, as everybody of this tree
    back = [column for column, (_, after) in row.taken.items() if _plain(getattr(target, column)) == after]
    for column in back:
        setattr(target, column, row.taken[column][0])
    if back:
        target.save(update_fields=[column.removesuffix("_id") for column in back])


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def _came_with(customer: UUID) -> set[UUID]:
    """Everybody who belongs to the customer by merges that hold, however many steps away."""
    found: set[UUID] = set()
    nearest = {customer}
    while nearest:
        held = Merge.objects.filter(target__in=nearest, undone_at=None).values_list("source", flat=True)
        nearest = set(held) - found
        found |= nearest
    return found


def _tell(*customers: UUID) -> None:
    for customer in customers:
        bus.publish(CustomerChanged(customer=customer))
