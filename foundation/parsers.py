"""What a REST client sends, as far as it can be stored at all: no NUL, no half of a surrogate pair, in no field."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, FormParser, JSONParser, MultiPartParser

UNSTORABLE = "A text holds a character that cannot be stored: NUL, or half of a surrogate pair."


def storable(value: Any) -> bool:
    """Whether every text in a value as JSON has them, also its keys, can be stored."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return all(storable(key) and storable(item) for key, item in value.items())
    return all(storable(item) for item in value) if isinstance(value, list | tuple) else True


class _Storable(BaseParser):
    """Raises ParseError (400) for what cannot be stored, or is nested deeper than anybody means."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
            fields = getattr(data, "data", data)  # of a form with files
            good = storable(dict(fields.lists()) if hasattr(fields, "lists") else fields)
        except RecursionError as error:
            raise ParseError("This is nested too deeply.") from error
        if not good:
            raise ParseError(UNSTORABLE)
        return data


class StorableJson(_Storable, JSONParser):
    pass


class StorableForm(_Storable, FormParser):
    pass


class StorableMultiPart(_Storable, MultiPartParser):
    pass
