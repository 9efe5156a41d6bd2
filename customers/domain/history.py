"""The trail of a customer's record, written by database triggers, and undoing one step of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction

from customers.domain.authorship import by
from customers.domain.merge import members, undo_merge
from customers.errors import CannotUndo
from customers.events import CustomerChanged
from customers.models import Consent, Customer, Identity, Merge
from foundation import bus

_TRACKED: dict[str, tuple[type[models.Model], str]] = {
    "customer": (Customer, "pgh_obj_id"),
    "identity": (Identity, "customer_id"),
    "consent": (Consent, "customer_id"),
}
_UNSHOWN = {"id", "created_at", "customer", "value", "merged_into"}
READ = 500  # steps of one kind; a record that was changed more often shows the latest


@dataclass(frozen=True)
class Step:
    """One change: what was inserted, updated or deleted, when, by which agent, and each field before and after.

    `key` names it for `undo`, as "customer:42"; '' where there is nothing to undo any more.
    """

    key: str
    what: str
    number: int
    act: str
    at: datetime
    agent: UUID | None
    changes: dict[str, tuple[Any, Any]]


def history(customer: UUID, limit: int = 50) -> list[Step]:
    """The latest steps first, in one query for each kind of row. Of those merged into it, addresses and consents."""
    everybody = members(customer)
    steps = _merges(everybody)
    for what in _TRACKED:
        steps += _steps(what, everybody)
    steps.sort(key=lambda step: (step.at, step.number), reverse=True)
    return [step for step in steps if step.changes][:limit]


def undo(customer: UUID, key: str, *, agent: UUID | None) -> None:
    """Takes one step back: fields get the values they had before it, an added row goes, a removed one returns.

    What was changed again since is left alone, and CannotUndo says so; it is also raised for a key that names nothing.
    """
    what, _, number = key.partition(":")
    everybody = members(customer)
    if what == "merge":
        merge = _merge_of(everybody, number)
        undo_merge(merge.pk, agent=agent)
        return
    if what not in _TRACKED or not number.isdigit():
        raise CannotUndo("There is no such change.")
    with transaction.atomic(), by(agent, f"undo {key}"):
        Customer.objects.select_for_update().get(pk=customer)
        row = _events(what, everybody).filter(pgh_id=int(number)).first()
        if row is None:
            raise CannotUndo("There is no such change.")
        _undo(everybody, what, row)
        bus.publish(CustomerChanged(customer=customer))


def _undo(everybody: list[UUID], what: str, row: Any) -> None:
    model = _TRACKED[what][0]
    current = model._default_manager.filter(pk=row.pgh_obj_id).first()
    if row.pgh_label == "delete":
        values = {field: getattr(row, field) for field in _columns(model)}
        try:
            with transaction.atomic():
                model(**values).save(force_insert=True)
        except IntegrityError as error:
            raise CannotUndo("This belongs to somebody else by now.") from error
        return
    if current is None:
        raise CannotUndo("This was removed since.")
    earlier = _events(what, everybody).filter(pgh_obj_id=row.pgh_obj_id, pgh_id__lt=row.pgh_id)
    changes = _step(what, row, earlier.order_by("-pgh_id").first()).changes
    if any(getattr(current, field) != after for field, (_, after) in changes.items()):
        raise CannotUndo("This was changed again since.")
    if row.pgh_label == "insert":
        if what == "customer":
            raise CannotUndo("A customer's first entry cannot be undone.")
        current.delete()
        return
    for field, (before, _) in changes.items():
        setattr(current, field, before)
    current.save(update_fields=list(changes))


def _steps(what: str, everybody: list[UUID]) -> list[Step]:
    """The steps of one kind. One has no key any more when a later one changed what it had changed: there is nothing
    of it left to undo, be it undone or overwritten.
    """
    rows = list(_events(what, everybody).order_by("-pgh_id")[:READ])
    before: dict[UUID, Any] = {}
    steps = []
    for row in reversed(rows):
        steps.append(_step(what, row, before.get(row.pgh_obj_id)))
        before[row.pgh_obj_id] = row
    changed: set[tuple[UUID, str]] = set()
    for place, row in enumerate(rows, start=1):  # newest first
        fields = {(row.pgh_obj_id, field) for field in steps[-place].changes}
        if fields & changed:
            steps[-place] = replace(steps[-place], key="")
        changed |= fields
    return steps


def _merges(everybody: list[UUID]) -> list[Step]:
    """Each merge with one of them and, where it was undone, the undoing."""
    steps = []
    for row in (
        Merge.objects.filter(_with_one_of(everybody)).select_related("source", "target").order_by("-created_at")[:READ]
    ):
        there = row.target if row.source_id in everybody and row.target_id not in everybody else row.source
        name = there.name or "a nameless record"
        key = f"merge:{row.pk}" if row.undone_at is None else ""
        steps.append(Step(key, "merge", 0, "insert", row.created_at, row.agent_id, {"merge": (None, name)}))
        if row.undone_at is not None:
            steps.append(Step("", "merge", 1, "delete", row.undone_at, row.undone_by_id, {"merge": (name, None)}))
    return steps


def _with_one_of(everybody: list[UUID]) -> models.Q:
    return models.Q(source__in=everybody) | models.Q(target__in=everybody)


def _merge_of(everybody: list[UUID], key: str) -> Merge:
    try:
        found = Merge.objects.filter(_with_one_of(everybody), pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise CannotUndo("There is no such change.")
    return found


def _events(what: str, everybody: list[UUID]) -> models.QuerySet[Any]:
    """What the triggers wrote; of the person itself only the root's, for only the root's record is shown."""
    model, owner = _TRACKED[what]
    whose = everybody[:1] if what == "customer" else everybody
    event = apps.get_model("customers", f"{model.__name__}Event")
    rows: models.QuerySet[Any] = event._default_manager.select_related("pgh_context").filter(**{f"{owner}__in": whose})
    return rows


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _step(what: str, row: Any, earlier: Any | None) -> Step:
    """The step that `row` tells of; `earlier` is the row of the same object before it."""
    model = _TRACKED[what][0]
    previous = earlier if row.pgh_label == "update" else None
    changes = {}
    for field in model._meta.concrete_fields:
        if field.name in _UNSHOWN:
            continue
        after = getattr(row, field.attname) if row.pgh_label != "delete" else None
        before = getattr(previous, field.attname) if previous is not None else None
        if row.pgh_label == "delete":
            before = getattr(row, field.attname)
        if (before or None) != (after or None):
            changes[field.attname] = (before, after)
    context = row.pgh_context.metadata if row.pgh_context_id else {}
    who = context.get("agent") or context.get("user")
    return Step(
        key=f"{what}:{row.pgh_id}",
        what=what,
        number=row.pgh_id,
        act=row.pgh_label,
        at=row.pgh_created_at,
        agent=UUID(str(who)) if who else None,
        changes=changes,
    )
