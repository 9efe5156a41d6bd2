"""The cache may be away at any moment without a page failing: everything in it can be made again."""

from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

SECONDS_OF_REST = 5.0  # after a failure, so that an unreachable server does not slow every request
Answer = TypeVar("Answer")
log = structlog.get_logger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache that answers as an empty one while the server is away.

    `add` then says False (nobody can be sure to hold the key) and `incr` raises ValueError, as for a missing key.
    """

    _rest_until = 0.0  # shared by all threads of the process; a race costs one attempt more

    def _tried(self, otherwise: Answer, operation: Callable[..., Answer], *args: Any, **options: Any) -> Answer:
        if monotonic() < ForgivingRedisCache._rest_until:
            return otherwise
        try:
            return operation(*args, **options)
        except (RedisError, OSError) as error:
            ForgivingRedisCache._rest_until = monotonic() + SECONDS_OF_REST
            log.warning("cache is away", error=type(error).__name__)
            return otherwise

    def add(self, *args: Any, **options: Any) -> bool:
        return self._tried(False, super().add, *args, **options)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._tried(default, super().get, key, default, version)

    def set(self, *args: Any, **options: Any) -> None:
        self._tried(None, super().set, *args, **options)

    def touch(self, *args: Any, **options: Any) -> bool:
        return self._tried(False, super().touch, *args, **options)

    def delete(self, *args: Any, **options: Any) -> bool:
        return self._tried(False, super().delete, *args, **options)

    def get_many(self, *args: Any, **options: Any) -> dict[str, Any]:
        return self._tried({}, super().get_many, *args, **options)

    def set_many(self, data: dict[str, Any], *args: Any, **options: Any) -> list[str]:
        return self._tried(list(data), super().set_many, data, *args, **options)

    def delete_many(self, *args: Any, **options: Any) -> None:
        self._tried(None, super().delete_many, *args, **options)

    def has_key(self, *args: Any, **options: Any) -> bool:
        return self._tried(False, super().has_key, *args, **options)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        value = self._tried(None, super().incr, key, delta, version)
        if value is None:
            raise ValueError(f"key {key!r} not found")
        return value

    def clear(self) -> bool:
        return self._tried(False, super().clear)
