"""A database of its own with a relay and workers on it, so that a benchmark touches nothing of the installation."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parent.parent
REDIS_NUMBER = 9


@contextmanager
def stage() -> Iterator[dict[str, str]]:
    """Yields the environment in which child processes find the stage; this process is on it meanwhile."""
    own_name, own_redis = connection.settings_dict["NAME"], settings.REDIS_URL
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    settings.REDIS_URL = urlunsplit(urlsplit(own_redis)._replace(path=f"/{REDIS_NUMBER}"))
    database = urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}")
    try:
        yield {**os.environ, "DATABASE_URL": urlunsplit(database), "REDIS_URL": settings.REDIS_URL}
    finally:
        settings.REDIS_URL = own_redis
        connection.close()
        connection.creation.destroy_test_db(own_name, verbosity=0)


@contextmanager
def twin() -> Iterator[BaseDatabaseWrapper]:
    """A copy of the stage's database as it is now; it goes its own way from here on (see `on`)."""
    own = connections[DEFAULT_DB_ALIAS]
    names = {"of": own.ops.quote_name(own.settings_dict["NAME"])}
    names["copy"] = own.ops.quote_name(f"{own.settings_dict['NAME']}_twin")
    own.close()  # who copies must be alone
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    other.settings_dict = {**own.settings_dict, "NAME": f"{own.settings_dict['NAME']}_twin"}
    with own._nodb_cursor() as cursor:  # noqa: SLF001 - as Django's own creation of databases does
        cursor.execute("DROP DATABASE IF EXISTS {copy}".format(**names))
        cursor.execute("CREATE DATABASE {copy} TEMPLATE {of}".format(**names))
    try:
        yield other
    finally:
        other.close()
        with own._nodb_cursor() as cursor:  # noqa: SLF001 - as above
            cursor.execute("DROP DATABASE {copy}".format(**names))


@contextmanager
def on(database: BaseDatabaseWrapper) -> Iterator[None]:
    """On that database this process is meanwhile."""
    own = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = database
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = own


@contextmanager
def running(environment: dict[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A child process of the project, ended at the end."""
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def worker(*queues: str, concurrency: int = 2, imports: str = "") -> list[str]:
    """The command of a worker as production runs it, with one more module that it knows."""
    return [
        *("-m", "celery", "-A", "contactcenter", "worker", "-Q", ",".join(queues), "-c", str(concurrency)),
        *("--without-mingle", "--without-gossip", "-l", "ERROR"),
        *(["-I", imports] if imports else []),
    ]
