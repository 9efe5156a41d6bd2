"""A database of its own with a relay and workers on it, so that a benchmark touches nothing of the installation."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

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
