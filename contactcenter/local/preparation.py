"""Running `contactcenter.local.prepare`, and not waiting for it where it did the same before."""

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from contactcenter import environment
from contactcenter.local import children
from contactcenter.local.errors import LocalError


@dataclass(frozen=True)
class Prepared:
    """What `contactcenter.local.prepare` answered: what it looked at, and what load_demo said."""

    looked_at: str
    demo: dict[str, object]


class Preparation:
    """`contactcenter.local.prepare` in a child, which says itself what it does.

    It always runs. Where nothing that it looks at has changed since the last time, nobody has to wait for its end.
    """

    def __init__(self, home: Path, env: dict[str, str]) -> None:
        self.answer = home / "prepared.json"
        self.looked_at = fingerprint(env)
        command = [sys.executable, "-m", "contactcenter.local.prepare", self.answer, self.looked_at, "--demo"]
        self.last = self._read()
        self.child = children.spawn(command, cwd=environment.ROOT, log=None, env=env)

    def wait_unless_known(self) -> None:
        """Waits for its end unless it will only find what it found before. Raises LocalError when it fails."""
        if self.last is None or self.last.looked_at != self.looked_at:
            self.finished()

    def finished(self) -> Prepared:
        failed = self.child.wait() != 0
        prepared = self._read()
        if failed or prepared is None:
            raise LocalError("the installation could not be prepared; the reason stands above")
        return prepared

    def _read(self) -> Prepared | None:
        try:
            return Prepared(**json.loads(self.answer.read_text()))
        except (OSError, ValueError, TypeError):
            return None


def fingerprint(env: dict[str, str]) -> str:
    """Of what preparing depends on: migrations, packages, assets, and the database it went to."""
    digest = hashlib.sha256(env.get("DATABASE_URL", "").encode())
    root = environment.ROOT
    assets = sorted(path for path in (root / "static").rglob("*") if path.is_file())
    for path in (root / "requirements.txt", *sorted(root.glob("*/migrations/*.py")), *assets):
        digest.update(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    password = environment.home() / "postgres_password"  # made with the embedded database, gone with it
    digest.update(password.read_bytes() if password.exists() else b"")
    return digest.hexdigest()
