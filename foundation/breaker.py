"""A circuit breaker per server, shared by all processes through the cache; while that is away it lets all through."""

from django.core.cache import cache

FAILURES = 5
WINDOW = 60  # seconds in which so many failures open it
REST = 30  # seconds for which it then stays open


def is_open(server: str) -> bool:
    return int(cache.get(_key(server), 0)) >= FAILURES


def failed(server: str) -> None:
    key = _key(server)
    if cache.add(key, 1, timeout=WINDOW):
        return
    try:
        failures = cache.incr(key)
    except ValueError:  # faded just now, or the cache is away
        return
    if failures >= FAILURES:
        cache.touch(key, REST)


def succeeded(server: str) -> None:
    cache.delete(_key(server))


def _key(server: str) -> str:
    return f"foundation.breaker.{server}"
