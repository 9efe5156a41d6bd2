"""The servers an installation stands on: those it is told of by DATABASE_URL and REDIS_URL, else its embedded ones."""

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path
from urllib.parse import urlsplit

from contactcenter.local.errors import LocalError
from contactcenter.local.place import Place
from contactcenter.local.postgres import Postgres
from contactcenter.local.screen import say
from contactcenter.local.valkey import Valkey

PATIENCE = 60  # seconds for another runner that is just starting the same servers


class Servers:
    """Ends what it started or adopted from a dead runner, and leaves alone what a living runner holds."""

    def __init__(self, home: Path, *, quick: bool = False) -> None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / "log").mkdir(exist_ok=True)
        self.home = home
        self._lock: int | None = None
        place = Place(home)
        self.postgres = None
        if not os.environ.get("DATABASE_URL"):
            self.postgres = Postgres(
                place, log=home / "log" / "postgres.log", quick=quick, usual_port=self._usual_port("database_url")
            )
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(place, log=home / "log" / "valkey.log")

    @property
    def database_url(self) -> str:
        return self.postgres.url if self.postgres else os.environ["DATABASE_URL"]

    @property
    def redis_url(self) -> str:
        return self.valkey.url if self.valkey else os.environ["REDIS_URL"]

    def start(self) -> None:
        """Has both running and their addresses written to servers.json. Raises LocalError when one cannot."""
        deadline = time.monotonic() + PATIENCE
        while not self._own():
            if all(server.find() for server in self._embedded()):
                return
            if time.monotonic() > deadline:
                raise LocalError(f"another runner holds {self.home / 'servers.lock'} but its servers do not answer")
            time.sleep(0.3)
        for server in self._embedded():
            server.start()
        self._record()

    def watch(self) -> None:
        """Brings back one that died; call it now and then."""
        fallen = [server for server in self._embedded() if not server.alive()]
        if fallen:
            for server in fallen:
                say(f"{type(server).__name__} is gone; starting it again")
                server.stop()
            self.start()

    def stop(self) -> None:
        if self._lock is None:
            return
        try:
            for server in self._embedded():
                server.stop()
        finally:
            os.close(self._lock)
            self._lock = None

    @property
    def adopted(self) -> bool:
        return self._lock is None or any(server.child is None for server in self._embedded())

    def _usual_port(self, server: str) -> int:
        """The port it had last time; what still runs and knows that one finds it there again."""
        try:
            return urlsplit(json.loads((self.home / "servers.json").read_text())[server]).port or 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def _embedded(self) -> "list[Postgres | Valkey]":
        return [server for server in (self.valkey, self.postgres) if server is not None]

    def _own(self) -> bool:
        """Takes the lock that makes this process the one that ends the servers. The kernel frees it with its holder."""
        if self._lock is None:
            lock = os.open(self.home / "servers.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                return False
            self._lock = lock
        return True

    def _record(self) -> None:
        addresses = {"database_url": self.database_url, "redis_url": self.redis_url}
        write_private(self.home / "servers.json", json.dumps(addresses))


def write_private(path: Path, text: str) -> None:
    """Replaces the file in one step; only its owner may read it."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        part.unlink()
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    part.rename(path)
