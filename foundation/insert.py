"""New rows of one model in one statement, for the paths on which that counts.

Django's `bulk_create` asks every field about every value; here a model is asked once. So it is for models whose fields
hold what the database takes (see PLAIN). Nothing is validated, cut or computed, and no signal is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models

PLAIN = {
    *(models.UUIDField, models.ForeignKey, models.OneToOneField, models.CharField, models.EmailField, models.TextField),
    *(models.DateTimeField, models.BooleanField, models.IntegerField, models.BigIntegerField, models.JSONField),
    *(models.PositiveSmallIntegerField, models.PositiveIntegerField, models.PositiveBigIntegerField),
    models.BinaryField,
}

M = TypeVar("M", bound=models.Model)


def insert(rows: Iterable[models.Model], *, ignore_conflicts: bool = False) -> None:
    """Writes the rows, all of one model, in their order; with `ignore_conflicts` those that are there already are left.

    Columns with a default of the database's get that, and the objects have it afterwards (not with
    `ignore_conflicts`). Raises IntegrityError and DataError as any INSERT, TypeError for a model with other fields.
    """
    objects = list(rows)
    if not objects:
        return
    plan = _plan(type(objects[0]))
    sql, values = plan.statement(objects)
    with connection.cursor() as cursor:
        if ignore_conflicts:
            cursor.execute(f"{sql} ON CONFLICT DO NOTHING", values)
            return
        cursor.execute(sql + plan.end, values)
        given = cursor.fetchall() if plan.given else [()] * len(objects)
    for each, defaults in zip(objects, given, strict=True):
        for name, value in zip(plan.given, defaults, strict=True):
            setattr(each, name, value)
    _are_there(objects)


def insert_missing(rows: Sequence[M]) -> list[M]:
    """Writes those of the rows that are not there yet, in their order, and says which these are.

    What somebody else is about to write is waited for. Raises as `insert`, but no IntegrityError for a double.
    """
    if not rows:
        return []
    plan = _plan(type(rows[0]))
    sql, values = plan.statement(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ON CONFLICT DO NOTHING RETURNING {plan.key}", values)
        written = {key for (key,) in cursor.fetchall()}
    fresh = [each for each in rows if each.pk in written]
    _are_there(fresh)
    return fresh


def insert_before(rows: Sequence[models.Model], last: str, values: Sequence[Any]) -> None:
    """Writes the rows, all of one model, and does `last`, another INSERT with its values: one statement for both.

    Outside a transaction it is one of its own, and needs no others to begin and to end it. Raises as `insert`, and
    TypeError for a model with columns that the database fills in.
    """
    plan = _plan(type(rows[0]))
    if plan.given:
        raise TypeError(f"{type(rows[0]).__name__} has columns that the database fills in: {', '.join(plan.given)}")
    first, first_values = plan.statement(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH first AS ({first}) {last}", [*first_values, *values])
    _are_there(rows)


def _are_there(rows: Sequence[models.Model]) -> None:
    for each in rows:
        each._state.adding, each._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as Django itself says it is there


@dataclass(frozen=True)
class _Plan:
    begin: str
    row: str
    end: str
    key: str  # the column of the primary key
    given: list[str]  # attributes that the database fills in
    read: Callable[[Any], tuple[Any, ...]]
    adapted: list[tuple[int, models.Field[Any, Any]]]

    def statement(self, rows: Sequence[models.Model]) -> tuple[str, list[Any]]:
        """Without its end, and what belongs into it."""
        values: list[Any] = []
        for each in rows:
            values.extend(self.values(each))
        return f"{self.begin} {', '.join([self.row] * len(rows))}", values

    def values(self, row: models.Model) -> list[Any]:
        values = list(self.read(row))
        for place, field in self.adapted:
            values[place] = field.get_db_prep_save(values[place], connection)
        return values


@cache
def _plan(model: type[models.Model]) -> _Plan:
    all_fields = model._meta.concrete_fields
    given = [each for each in all_fields if each.has_db_default() or isinstance(each, models.AutoField)]
    fields = [each for each in all_fields if each not in given]
    if other := [each.name for each in fields if type(each) not in PLAIN]:
        raise TypeError(f"{model.__name__} has fields that are not plain: {', '.join(other)}")
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(each.column)) for each in fields)
    returning = ", ".join(quoted(str(each.column)) for each in given)
    return _Plan(
        begin=f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES",
        row=f"({', '.join(['%s'] * len(fields))})",
        end=f" RETURNING {returning}" if given else "",
        key=quoted(str(model._meta.pk.column)),
        given=[each.attname for each in given],
        read=attrgetter(*(each.attname for each in fields)),
        adapted=[
            (place, each)
            for place, each in enumerate(fields)
            if isinstance(each, (models.JSONField, models.BinaryField))
        ],
    )
