"""The peer of a benchmark that writes: exactly the same rows with bare psycopg2 and the same commits, nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from benchmarks.spent import Spent

WRITES = ("INSERT", "UPDATE", "WITH FIRST AS (INSERT")
OF_THE_OUTBOX = ('UPDATE "FOUNDATION_OUTBOX"', "UPDATE FOUNDATION_OUTBOX")
Statement = tuple[str, Any]


@dataclass
class Heard:
    """What was said to the database: how many statements, and those that wrote rows, by the transaction."""

    statements: int = 0
    transactions: list[list[Statement]] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Heard]:
    heard = Heard()
    said: list[Statement] = []

    def listen(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        heard.statements += 1
        result = execute(sql, params, many, context)
        begins = sql.lstrip().upper()
        if begins.startswith(WRITES) and not begins.startswith(OF_THE_OUTBOX):
            said.append((sql, params))
            if not connection.in_atomic_block:
                commit()
            elif len(said) == 1:
                connection.on_commit(commit)
        return result

    def commit() -> None:
        heard.transactions.append(said.copy())
        said.clear()

    with connection.execute_wrapper(listen):
        yield heard


def write(transactions: list[list[Statement]], spent: Spent) -> None:
    """Says the same once more on a connection of its own, and adds what that takes to `spent`."""
    bare = connection.get_new_connection(connection.get_connection_params())
    try:
        with bare.cursor() as cursor, spent.measuring(bare.info.backend_pid):
            for statements in transactions:
                bare.autocommit = len(statements) == 1  # one statement alone is a transaction for nothing
                for sql, params in statements:
                    cursor.execute(sql, params)
                bare.commit()
    finally:
        bare.close()
