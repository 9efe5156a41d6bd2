"""What a measured part of a benchmark takes: by the clock, and in CPU of this process and of its database backend."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import connection


@dataclass
class Spent:
    """Seconds, of all parts together; `database` is 0 when that is on another machine."""

    clock: float = 0.0
    ours: float = 0.0
    database: float = 0.0

    @property
    def cpu(self) -> float:
        return self.ours + self.database

    @contextmanager
    def measuring(self, backend: int | None = None) -> Iterator[None]:
        """Adds what is spent within; `backend` is the process of another connection than Django's own."""
        counted = _counted(backend or _own_backend())
        began, ours, database = time.monotonic(), time.process_time(), _cpu(counted)
        yield
        self.clock += time.monotonic() - began
        self.ours += time.process_time() - ours
        self.database += _cpu(counted) - database


def _own_backend() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def _counted(pid: int) -> Path | None:
    """Where the kernel counts what that process spends, when it is one of this machine."""
    with suppress(OSError):
        if "postgres" in Path(f"/proc/{pid}/comm").read_text():
            return Path(f"/proc/{pid}/schedstat")
    return None


def _cpu(counted: Path | None) -> float:
    """Seconds; the first figure of schedstat is in nanoseconds."""
    return int(counted.read_text().split()[0]) / 1e9 if counted else 0.0
