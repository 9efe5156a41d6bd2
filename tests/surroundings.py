"""What every test stands on: reachable servers, an empty corner of Valkey, no network but this machine."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import suppress

import psycopg2
import pytest
import redis
from django.conf import settings

from contactcenter.cache import ForgivingRedisCache

ADVICE = "Run `make test`, or start `python -m contactcenter.local servers`, or set DATABASE_URL and REDIS_URL."


class NetworkForbiddenError(BaseException):
    """A test reached for the world outside. No handler for ordinary errors may swallow this."""


def pytest_sessionstart() -> None:
    database = settings.DATABASES["default"]
    try:
        psycopg2.connect(
            host=database["HOST"],
            port=database["PORT"],
            user=database["USER"],
            password=database["PASSWORD"],
            dbname=database["NAME"],
            connect_timeout=5,
        ).close()
        valkey().ping()
    except (psycopg2.OperationalError, redis.RedisError) as error:
        pytest.exit(f"No servers for the tests: {error}\n{ADVICE}", returncode=3)


def valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5)


@pytest.fixture(autouse=True)
def _empty_valkey() -> None:
    ForgivingRedisCache._rest_until = 0.0
    with valkey() as client:
        client.flushdb()


def is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(name.split("%")[0]).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        return name in {"localhost", ""}


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Connections to other machines are refused loudly. An address alone may be looked at: that sends nothing."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(original):
        def call(self, address):
            if self.family in {socket.AF_INET, socket.AF_INET6} and not is_here(address[0]):
                raise NetworkForbiddenError(f"a test connects to {address}")
            return original(self, address)

        return call

    def guarded_look_up(host, *arguments, **options):
        if host is not None and not is_here(host) and not is_numeric(host):
            raise NetworkForbiddenError(f"a test looks up {host}")
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


def is_numeric(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host)
    for reads in (ipaddress.ip_address, socket.inet_aton):  # the latter also knows 127.1, 0x7f000001, 2130706433
        with suppress(ValueError, OSError):
            reads(name)
            return True
    return False
