"""Writing a backup while everything goes on."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from foundation import storage
from foundation.backup import manifest, programs
from foundation.backup.errors import BackupFailed


@dataclass(frozen=True)
class Written:
    """`files` stored files of `file_bytes` in all, and a dump of `database_bytes`."""

    files: int
    file_bytes: int
    database_bytes: int


def write(path: Path, say: Callable[[str], None] = lambda _: None) -> Written:
    """Writes the backup to `path`, which appears only when it is whole. Raises BackupFailed, also when `path` is there.

    Files that are deleted meanwhile are left out: what named them is gone, too.
    """
    if path.exists():
        raise BackupFailed(f"{path} is there already; it is not written over.")
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with tempfile.TemporaryFile(dir=path.parent) as dump, unfinished.open("xb") as raw:
            said = manifest.here()
            say("The database is copied …")
            programs.run("pg_dump", "--format=custom", "--no-owner", "--no-acl", into=dump)
            size = dump.seek(0, os.SEEK_END)
            dump.seek(0)
            with tarfile.open(fileobj=raw, mode="w") as archive:
                _add(archive, "manifest.json", io.BytesIO(said.as_json()), len(said.as_json()))
                _add(archive, "database.dump", dump, size)
                files, file_bytes = _add_files(archive, say)
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.rename(path)
    except FileExistsError as error:
        raise BackupFailed(f"{unfinished} is there: another backup is being written, or one was broken off.") from error
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise BackupFailed(f"{path} cannot be written: {error.strerror or error}") from error
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return Written(files, file_bytes, size)


def _add_files(archive: tarfile.TarFile, say: Callable[[str], None]) -> tuple[int, int]:
    count = total = 0
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.glob("??/??/*")) if root.exists() else []:
        key = path.relative_to(root).as_posix()
        if not storage.KEY.fullmatch(key):
            continue
        try:
            with path.open("rb") as content:
                size = os.fstat(content.fileno()).st_size
                _add(archive, f"files/{key}", content, size)
        except FileNotFoundError:
            continue
        count, total = count + 1, total + size
        if count % 1000 == 0:
            say(f"{count} files are copied …")
    return count, total


def _add(archive: tarfile.TarFile, name: str, content: io.BufferedIOBase | io.BytesIO, size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    archive.addfile(entry, content)
