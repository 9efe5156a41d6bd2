"""Alarms: what has stopped moving, said by the app that knows, read by screens, metrics and the self-check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

SECONDS = 10
_KEPT = "alarms"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """`words` is one sentence for people; `since` is when it began, None where that is not known."""

    words: str
    since: datetime | None
    count: int = 1


Source = Callable[[], Alarm | None]
_sources: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Register who says whether the alarm `name` ([a-z_]) sounds. A second source of that name raises ValueError."""

    def register(function: Source) -> Source:
        if name in _sources and _sources[name].__qualname__ != function.__qualname__:
            raise ValueError(f"the alarm {name} already has a source")
        _sources[name] = function
        return function

    return register


def look() -> dict[str, Alarm | None]:
    """Every alarm that is known and how it stands now; None is silence. Raises when the database is away."""
    return {name: function() for name, function in sorted(_sources.items())}


def lately() -> dict[str, Alarm]:
    """Those that sounded within the last seconds, for pages, which all ask: looked for once for all of them. A page
    that stays open asks for itself.
    """
    known: dict[str, Alarm] | None = cache.get(_KEPT)
    if known is None:
        known = sounding()
        cache.set(_KEPT, known, SECONDS)
    return known


def sounding() -> dict[str, Alarm]:
    """The alarms that sound now."""
    return {name: alarm for name, alarm in look().items() if alarm is not None}
