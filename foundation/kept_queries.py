"""Queries that are made once and asked often: for those of a page, making the SQL takes longer than the answer."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, wraps
from itertools import count
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

from foundation.prepared_statements import Prepared

_Row = TypeVar("_Row", bound=Model)
_SHAPES = 512  # of one query, remembered in each process


class Asking(Protocol[_Row]):
    def __call__(self, *shape: Any, **values: Any) -> list[_Row]: ...


def kept_query(make: Callable[..., QuerySet[_Row]]) -> Asking[_Row]:
    """Makes of a function that builds a query one that gives its rows, and builds it once for each shape.

    Positional arguments are the shape: hashable, and all of them may decide how the query is built. Keyword arguments
    are values: UUIDs, moments, or tuples of UUIDs. They may only be compared with, as others of the same kind stand in
    their place while the query is built. Which of them are given belongs to the shape, and about how many a tuple has:
    it is filled up with its last, so that it may only be asked whether something is among them.

    Raises ValueError where a value came into the statement as anything but itself, and where a UUID or a moment came
    in from elsewhere, which would be remembered with it.
    """

    @lru_cache(maxsize=_SHAPES)
    def made(shape: tuple[Any, ...], kinds: tuple[tuple[str, int | type], ...]) -> _Made | None:
        stand_ins, number = dict[str, Any](), count(1)
        for name, kind in kinds:
            if isinstance(kind, int):
                stand_ins[name] = tuple(_uuid(next(number)) for _ in range(kind))
            else:
                stand_ins[name] = _stand_in(kind, next(number))
        queryset = make(*shape, **stand_ins)
        compiler = queryset.query.get_compiler(using=queryset.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        return _Made(queryset, compiler, Prepared(sql, places(params, _flat(stand_ins.values()))))

    @wraps(make)
    def asking(*shape: Any, **values: Any) -> list[_Row]:
        filled = {name: _filled(value) if isinstance(value, tuple) else value for name, value in values.items()}
        kinds = tuple((name, len(one) if isinstance(one, tuple) else type(one)) for name, one in filled.items())
        one = made(shape, kinds)
        return [] if one is None else one.rows(_flat(filled.values()))

    return asking


def _flat(values: Any) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, tuple) else (value,))]


def _filled(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """As many as the next power of two."""
    wanted = 1 << (len(values) - 1).bit_length() if values else 0
    return values + values[-1:] * (wanted - len(values))


def _uuid(number: int) -> UUID:
    return UUID(int=(0xC0DE << 112) + number)


def _stand_in(kind: Any, number: int) -> UUID | datetime:
    if issubclass(kind, UUID):
        return _uuid(number)
    if issubclass(kind, datetime):
        return datetime(1901, 1, 1, tzinfo=UTC) + timedelta(microseconds=number)
    raise ValueError(f"a value of a kept query is a UUID or a moment, not {kind.__name__}")


def places(params: Sequence[Any], stand_ins: Sequence[Any]) -> list[int | tuple[Any]]:
    """Each parameter as the number of the value that it stands for, or as itself in a tuple where it stays.

    Raises ValueError as `kept_query` does.
    """
    numbers = {one: number for number, one in enumerate(stand_ins)}
    places = [numbers.get(one, (one,)) if isinstance(one, UUID | datetime) else (one,) for one in params]
    staying = [place[0] for place in places if isinstance(place, tuple)]
    if any(isinstance(one, UUID | datetime) for one in staying):
        raise ValueError("a kept query must not depend on an identity or a moment that it was not given")
    if any(_text(one) in _text(param) for one in stand_ins for param in staying):
        raise ValueError("a value of a kept query came into its statement as something else")
    return places


def _text(value: object) -> str:
    return repr(value).replace("-", "").removeprefix("UUID('").removesuffix("')")


class _Made:
    def __init__(self, queryset: QuerySet[Any], compiler: SQLCompiler, statement: Prepared) -> None:
        self._queryset, self._compiler, self._statement = queryset, compiler, statement
        self._prefetched = queryset._prefetch_related_lookups  # type: ignore[attr-defined]  # noqa: SLF001

    def rows(self, values: Sequence[Any]) -> list[Any]:
        connection = connections[self._queryset.db]
        compiler = copy.copy(self._compiler)
        compiler.connection = connection
        sql, params = self._statement.ask(connection, values)
        compiler.__dict__["as_sql"] = lambda *_: (sql, tuple(params))
        asked: Any = QuerySet(self._queryset.model, cast("Query", _Ready(compiler)), self._queryset.db)
        asked._prefetch_related_lookups = self._prefetched  # noqa: SLF001 - chaining would take the query apart
        rows = list(asked)
        self._statement.asked(connection, sql)
        return rows


class _Ready:
    """What a query set asks of its query, when the statement is made."""

    def __init__(self, compiler: SQLCompiler) -> None:
        self._compiler = compiler

    def get_compiler(self, using: str) -> SQLCompiler:  # noqa: ARG002 - as the framework calls it
        return self._compiler
