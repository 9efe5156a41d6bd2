"""Bringing a backup back: first the files, then the database in one transaction, then today's migrations."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from foundation import storage
from foundation.backup import manifest, programs
from foundation.backup.errors import BackupFailed


@dataclass(frozen=True)
class Restored:
    made_at: str
    files: int


def restore(path: Path, *, another_key: bool = False, say: Callable[[str], None] = lambda _: None) -> Restored:
    """Restores the backup at `path` into this installation's empty database.

    Raises BackupFailed with the database as it was: when there is something in it, when the backup is broken, of a
    later release, or was made with another SECRET_KEY and `another_key` does not say that this is known.
    """
    if not path.is_file():
        raise BackupFailed(f"There is no file {path}.")
    if connection.introspection.table_names():
        raise BackupFailed("The database is not empty. Give an empty one by DATABASE_URL; nothing was changed.")
    try:
        with tarfile.open(path) as archive:
            return _restore(archive, another_key=another_key, say=say)
    except (tarfile.TarError, EOFError) as error:
        raise BackupFailed(f"{path} is broken or no backup: {error}") from error


def _restore(archive: tarfile.TarFile, *, another_key: bool, say: Callable[[str], None]) -> Restored:
    said = manifest.read(_content(archive, "manifest.json"))
    if not another_key and not manifest.fits_key(said):
        raise BackupFailed(
            "This backup was made with another SECRET_KEY: passwords of mailboxes would be lost and answers to mails "
            "sent before would not find their case. Set that SECRET_KEY, or say --another-key."
        )
    with tempfile.TemporaryFile() as dump:
        files = 0
        for entry in archive:
            if entry.name == "database.dump":
                shutil.copyfileobj(_opened(archive, entry), dump)
            elif entry.name.startswith("files/"):
                _bring_back(archive, entry)
                files += 1
                if files % 1000 == 0:
                    say(f"{files} files are back …")
        if dump.tell() == 0:
            raise BackupFailed("This backup has no database in it.")
        dump.seek(0)
        say("The database comes back …")
        connection.close()
        programs.run(
            "pg_restore",
            *("--single-transaction", "--exit-on-error", "--no-owner", "--no-acl"),
            f"--dbname={connection.settings_dict['NAME']}",
            out_of=dump,
        )
    say("Today's migrations …")
    call_command("migrate", interactive=False, verbosity=0)
    return Restored(said.made_at, files)


def _bring_back(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> None:
    """A file under the key it had, which is random: one that is here already is the same. Other names are not ours."""
    key = entry.name.removeprefix("files/")
    if not entry.isfile() or not storage.KEY.fullmatch(key):
        raise BackupFailed(f"This backup holds {entry.name!r}, which no backup writes.")
    path = Path(settings.MEDIA_ROOT) / key
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        shutil.copyfileobj(_opened(archive, entry), file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        return _opened(archive, archive.getmember(name)).read()
    except KeyError as error:
        raise BackupFailed(f"This is no backup of a contact center: it has no {name}.") from error


def _opened(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(entry)
    if content is None:
        raise BackupFailed(f"This backup holds {entry.name!r}, which no backup writes.")
    return content
