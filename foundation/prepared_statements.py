"""Statements that the database has parsed, and mostly planned, before they are asked again on the same connection."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import AsIs

MOST = 150  # on one connection, whose process keeps what it has planned; all further ones are asked as they are
_numbers, _names = count(1), count(1)
_prepared: WeakKeyDictionary[Any, dict[int, str]] = WeakKeyDictionary()


class Prepared:
    """A statement with values that change and others that stay.

    `params` has for each `%s` of `sql` the number of the value that changes, or one that stays, in a tuple of its own.
    What stays is written into the statement, so that the planner knows it and partial indexes are used.
    """

    def __init__(self, sql: str, params: Sequence[int | tuple[Any]]) -> None:
        self._sql, self._params, self._number = sql, params, next(_numbers)
        self._used = sorted({param for param in params if isinstance(param, int)})

    def ask(self, connection: BaseDatabaseWrapper, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
        """What to execute on this connection; say `asked` when it went well."""
        name = self._known(connection).get(self._number)
        used = [values[number] for number in self._used]
        if name is not None:
            return self._execute(name), used
        if len(self._known(connection)) >= MOST:
            return self._sql, [values[param] if isinstance(param, int) else param[0] for param in self._params]
        # A name of its own each time: whether one that failed was prepared is not known.
        name = f"kept_{next(_names)}"
        return f"PREPARE {name} AS {self._text(connection)}; {self._execute(name)}", used

    def asked(self, connection: BaseDatabaseWrapper, sql: str) -> None:
        if sql.startswith("PREPARE "):
            self._known(connection)[self._number] = sql.split(" ", 2)[1]

    @staticmethod
    def _known(connection: BaseDatabaseWrapper) -> dict[int, str]:
        connection.ensure_connection()
        known: dict[int, str] = _prepared.setdefault(connection.connection, {})
        return known

    def _execute(self, name: str) -> str:
        return f"EXECUTE {name} ({', '.join(['%s'] * len(self._used))})" if self._used else f"EXECUTE {name}"

    def _text(self, connection: BaseDatabaseWrapper) -> str:
        places = {number: AsIs(f"${place}") for place, number in enumerate(self._used, 1)}
        params = [places[param] if isinstance(param, int) else param[0] for param in self._params]
        with connection.cursor() as cursor:
            text: str = cursor.mogrify(self._sql, params).decode()
        return text.replace("%", "%%")
