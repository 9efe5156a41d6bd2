"""Many rows at once: PostgreSQL's COPY, in the text format of its manual's page on COPY."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED
from uuid_utils import compat

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x00": None})

_AS_TEXT: dict[type, Callable[[Any], str]] = {
    UUID: lambda key: key.hex,
    bool: lambda flag: "t" if flag else "f",
    datetime: datetime.isoformat,
    bytes: lambda content: f"\\x{content.hex()}",
}


def key_at(moment: datetime) -> UUID:
    """A fresh key for a row of that moment, so that rows of the past sort where they belong."""
    return compat.uuid7(nanoseconds=int(moment.timestamp() * 1e9))


class Copy:
    """Collects rows of one model and writes them in one go. What a row leaves out has the field's default."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = [field for field in model._meta.concrete_fields if field.db_default is NOT_PROVIDED]
        self.model = model
        self.columns = [str(field.column) for field in fields]
        self.places = {field.attname: place for place, field in enumerate(fields)}
        self.json = {field.attname for field in fields if isinstance(field, models.JSONField)}
        made_by_add = {"id", "created_at"}
        self.defaults = [
            "" if field.attname in made_by_add else self._written(field.attname, field.get_default())
            for field in fields
        ]
        self.lines: list[str] = []

    def add(self, at: datetime, **values: Any) -> UUID:
        """One row made at that moment, by the names of the model's columns (`case_id`); its key."""
        key: UUID = values.get("id") or key_at(at)
        values["id"], values["created_at"] = key, at
        row = self.defaults.copy()
        for name, value in values.items():
            row[self.places[name]] = self._written(name, value)
        self.lines.append("\t".join(row))
        return key

    def write(self) -> None:
        """Into the database, within the caller's transaction."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        columns = ", ".join(connection.ops.quote_name(column) for column in self.columns)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO("\n".join(self.lines)))
            cursor.execute(f"ANALYZE {table}")
        self.lines = []

    def _written(self, name: str, value: Any) -> str:
        if value is None:
            return "\\N"
        if name in self.json:
            return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
        written = _AS_TEXT.get(type(value), str)(value)
        return written.translate(_ESCAPES) if "\n" in written or "\\" in written or "\t" in written else written
