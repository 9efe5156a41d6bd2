"""The house that a proof sets on fire: every process of the product, brought back when it dies.

The proof itself stands outside. It watches, kills, and asks the tables afterwards.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import django
import psutil
import psycopg2
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection

from contactcenter import environment
from contactcenter.local import children
from contactcenter.local.parts import Ports, parts, surroundings
from contactcenter.local.prepare import collect_static
from contactcenter.local.processes import MARK, Part, orphans
from contactcenter.local.servers import Servers

NEEDED = ("web", "worker", "beat", "relay", "mail")
SERVERS = ("postgres", "valkey")
TICK = 0.05  # seconds
AWAY = (OperationalError, InterfaceError)
Answer = TypeVar("Answer")


@dataclass
class Running:
    part: Part
    child: Any = None
    deaths: int = 0
    clock_wrong_by: list[float] = field(default_factory=list)  # of its next lives, in seconds


class House:
    def __init__(self, home: Path, faults: Path, ports: Ports, servers: Servers) -> None:
        self.home = home
        self.faults = faults
        self.ports = ports
        self.servers = servers
        self.running: dict[str, Running] = {}
        self.killed: Counter[str] = Counter()
        self._watched = 0.0
        self._began = time.monotonic()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports.web}"

    def build(self) -> None:
        """Sets Django up; the tables come from a template that knows today's migrations."""
        children.end_processes(list(orphans(self.home)))
        self._fresh_database()
        django.setup()
        self._close()
        if not self._is_whole():
            call_command("migrate", interactive=False, verbosity=0)
            self._close()
            self._keep_template()
        collect_static()

    def anew(self) -> None:
        """An empty world with every process running, for the next proof."""
        self.end()
        self._close()
        self._fresh_database()
        for path in self.faults.iterdir():
            path.unlink()
        self.killed.clear()

    def start(self, *, armed: Sequence[str] = (), needed: Sequence[str] = NEEDED) -> None:
        """These processes, with the points at which they die once each. They share their faults."""
        self.say("starting")
        (self.faults / "armed").write_text("\n".join(armed))
        for part in parts(self.home, self.ports, simulated=False, dev=False):
            if part.name in needed:
                self.running[part.name] = Running(part)
                self._launch(self.running[part.name])

    def end(self) -> None:
        children.end([each.child for each in self.running.values() if each.child is not None], patience=5)
        self.running.clear()

    def tick(self) -> None:
        """Brings back what has died; call it often."""
        for each in self.running.values():
            if each.child.poll() is not None:
                each.deaths += 1
                self._launch(each)
        if time.monotonic() - self._watched > 0.5:
            self._watched = time.monotonic()
            self.servers.watch()

    def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Lets the house live until that is so; False when it was not in time. The database may be away meanwhile."""
        deadline = time.monotonic() + seconds
        looked = 0.0
        while time.monotonic() < deadline:
            self.tick()
            if time.monotonic() - looked > 0.25:
                looked = time.monotonic()
                try:
                    if holds():
                        return True
                except AWAY:
                    self._close()
            time.sleep(TICK)
        return False

    def kill(self, name: str) -> None:
        """`kill -9`, with the children it has."""
        self.killed[name] += 1
        self.say(f"kill -9 {name}")
        child = getattr(self.servers, name).child if name in SERVERS else self.running[name].child
        family = [child]
        with suppress(psutil.NoSuchProcess):
            if name != "postgres":  # its own children notice, and recovery is what is tried
                family += psutil.Process(child.pid).children(recursive=True)
        for each in family:
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                each.kill()

    def say(self, words: str) -> None:
        """How far it is, for whoever waits."""
        sys.stderr.write(f"{time.monotonic() - self._began:7.1f} s  {words}\n")

    def died_at(self) -> list[str]:
        """The points at which a process has ended itself."""
        return sorted(path.name for path in self.faults.iterdir() if path.name not in {"armed", "disk_full"})

    def patiently(self, ask: Callable[[], Answer]) -> Answer:
        """What the database answers, however long it takes to come back. Not for the main thread, which brings it."""
        while True:
            try:
                return ask()
            except AWAY:
                self._close()
                time.sleep(0.2)

    def _launch(self, each: Running) -> None:
        env = surroundings(self.home, self.ports, simulated=False, dev=False)
        env |= {"FAULTS": str(self.faults), MARK: str(self.home), "PYTHONUNBUFFERED": "1"}
        env["CLOCK_WRONG_BY"] = str(each.clock_wrong_by.pop(0)) if each.clock_wrong_by else ""
        log = self.home / "log" / f"{each.part.name}.log"
        each.child = children.spawn(each.part.command, cwd=environment.ROOT, log=log, env=env)

    def _fresh_database(self) -> None:
        template = f"template_{_migrations()}"
        with self._administer() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS contactcenter WITH (FORCE)")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
            using = f" TEMPLATE {template}" if cursor.fetchone() else ""
            cursor.execute(f"CREATE DATABASE contactcenter{using}")

    def _keep_template(self) -> None:
        with self._administer() as cursor:
            cursor.execute(f"CREATE DATABASE template_{_migrations()} TEMPLATE contactcenter")

    def _administer(self) -> _Administration:
        return _Administration(self.servers.database_url.rpartition("/")[0] + "/postgres")

    @staticmethod
    def _is_whole() -> bool:
        return "django_migrations" in connection.introspection.table_names()

    @staticmethod
    def _close() -> None:
        with suppress(*AWAY):
            connection.close()


class _Administration:
    """A cursor beside all transactions, for making and dropping databases."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg2.connect(url)
        self.connection.autocommit = True

    def __enter__(self) -> psycopg2.extensions.cursor:
        return self.connection.cursor()

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def _migrations() -> str:
    digest = hashlib.sha256()
    for path in sorted(environment.ROOT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    digest.update((environment.ROOT / "requirements.txt").read_bytes())
    return digest.hexdigest()[:16]


def load() -> float:
    """What else the machine is doing."""
    return round(os.getloadavg()[0], 1)
