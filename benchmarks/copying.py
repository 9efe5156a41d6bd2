"""Many rows at once, by COPY: values that are not given are the model's own defaults."""

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models

PIECE = 4 << 20  # characters handed over at a time
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


class Copied(io.TextIOBase):
    """Lines as a file that COPY reads, so that a million rows are never in memory together."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._rest = ""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        wanted = PIECE if size is None or size < 0 else size
        parts, length = [self._rest], len(self._rest)
        while length < wanted:
            line = next(self._lines, None)
            if line is None:
                break
            parts.append(line)
            length += len(line)
        whole = "".join(parts)
        self._rest = whole[wanted:]
        return whole[:wanted]


def copy(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Rows given by column names, all with the same ones; the rest of the columns takes the defaults."""
    table = model._meta.db_table
    fields = {field.column: field for field in model._meta.concrete_fields}
    given: list[str] = []
    rest = ""

    def lines() -> Iterator[str]:
        nonlocal rest
        for row in rows:
            if not given:
                given.extend(row)
            yield "\t".join([_written(value) for value in row.values()]) + rest

    source = lines()
    first = next(source, None)
    if first is None:
        return
    others = [
        name for name, field in fields.items() if name not in given and not field.has_db_default() and name is not None
    ]
    rest = "".join("\t" + _written(_default(fields[name])) for name in others) + "\n"
    columns = ", ".join(f'"{name}"' for name in [*given, *others])

    def all_lines() -> Iterator[str]:
        yield first + rest
        yield from source

    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", Copied(all_lines()))


def _default(field: "models.Field[Any, Any]") -> Any:
    return field.get_default() if field.has_default() or not field.null else None


def _written(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, dict | list):
        return json.dumps(value).translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)
