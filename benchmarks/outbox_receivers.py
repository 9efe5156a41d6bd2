"""What the outbox benchmark sends, and receivers that note when they were called."""

import time
from dataclasses import dataclass
from functools import cache as once

from django.conf import settings
from redis import Redis

from foundation import bus

NOTED = "benchmark.outbox.noted"


@dataclass(frozen=True, kw_only=True)
class Timed(bus.Event):
    number: int


@dataclass(frozen=True, kw_only=True)
class Single(bus.Event):
    number: int


@dataclass(frozen=True, kw_only=True)
class Batched(bus.Event):
    number: int


@once
def notes() -> Redis:
    return Redis.from_url(settings.REDIS_URL)


@bus.after(Timed)
def note(event: Timed) -> None:
    notes().hset(NOTED, str(event.number), repr(time.time()))


@bus.after(Single)
def take_one(event: Single) -> None:
    """Nothing: what is measured is the way here, with one transaction per event."""


@bus.after(Batched, batch=True)
def take_many(events: list[Batched]) -> None:
    """Nothing: what is measured is the way here, with one transaction per portion."""
