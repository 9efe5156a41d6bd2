"""What an event is, and how it stands in a row: plain fields only, so that it outlives the code that made it."""

import types
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from foundation import clock

PLAIN = (UUID, str, int, float, bool, datetime, types.NoneType)
_types: dict[str, type["Event"]] = {}


class UnknownEvent(LookupError):
    """A row names an event type that this release does not have."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, named in the past tense. Subclasses are `@dataclass(frozen=True, kw_only=True)` too.

    Fields are UUID, str, int, float, bool, datetime, None, or tuples of these; anything else raises TypeError when the
    class is made. A change of meaning raises `version`, and `upgrade` turns the fields of older rows into today's.
    """

    version: ClassVar[int] = 1
    occurred_at: datetime = field(default_factory=clock.now)

    def __init_subclass__(cls) -> None:
        for name, hint in get_type_hints(cls).items():
            if get_origin(hint) is not ClassVar and hint is not ClassVar and not _is_plain(hint):
                raise TypeError(f"{cls.__qualname__}.{name}: an event carries only plain values, not {hint}")
        _types[name_of(cls)] = cls

    @classmethod
    def upgrade(cls, fields: dict[str, Any], version: int) -> dict[str, Any]:  # noqa: ARG003 - for subclasses
        """Today's fields from those that an event of the older `version` was written with."""
        return fields


def name_of(event_type: type[Event]) -> str:
    """The lasting name of an event type: "interactions.events.MessageReceived"."""
    return f"{event_type.__module__}.{event_type.__qualname__}"


def encode(event: Event) -> dict[str, Any]:
    """The event's fields as JSON values. Raises TypeError for a class that is not itself a frozen dataclass."""
    if "__dataclass_fields__" not in type(event).__dict__:
        raise TypeError(f"{type(event).__qualname__} must be a @dataclass(frozen=True, kw_only=True)")
    return {each.name: _to_json(getattr(event, each.name)) for each in fields(event)}


def decode(name: str, version: int, payload: dict[str, Any]) -> Event:
    """The event that `encode` wrote. Fields this release no longer has are dropped; raises UnknownEvent, TypeError."""
    event_type = _types.get(name)
    if event_type is None:
        raise UnknownEvent(f"no event is called {name}")
    if version < event_type.version:
        payload = event_type.upgrade(payload, version)
    hints = get_type_hints(event_type)
    return event_type(
        **{
            each.name: _from_json(payload[each.name], hints[each.name])
            for each in fields(event_type)
            if each.name in payload
        }
    )


def _is_plain(hint: Any) -> bool:
    if get_origin(hint) in {types.UnionType, Union}:
        return all(_is_plain(part) for part in get_args(hint))
    if get_origin(hint) is tuple:
        return all(part is Ellipsis or _is_plain(part) for part in get_args(hint))
    return hint in PLAIN


def _to_json(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple):
        return [_to_json(part) for part in value]
    return value


def _from_json(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in {types.UnionType, Union}:
        choices = [part for part in get_args(hint) if part is not types.NoneType]
        return _from_json(value, choices[0]) if len(choices) == 1 else value
    if get_origin(hint) is tuple:
        parts = get_args(hint)
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(_from_json(part, parts[0]) for part in value)
        return tuple(_from_json(part, each) for part, each in zip(value, parts, strict=True))
    readers: dict[Any, Callable[[Any], Any]] = {UUID: UUID, datetime: datetime.fromisoformat}
    return readers.get(hint, lambda same: same)(value)
