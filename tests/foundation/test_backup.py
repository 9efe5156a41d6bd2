"""A backup brings everything back on another machine, and one that cannot be used changes nothing."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from foundation import storage
from foundation.backup.errors import BackupFailed
from foundation.backup.restore import restore
from foundation.backup.write import write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def elsewhere(tmp_path):
    """Another installation: an empty database and home of its own, its SECRET_KEY the same."""
    name = f"restored_{uuid4().hex[:12]}"
    with administrator() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield Elsewhere(name, tmp_path / "home")
    with administrator() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


class administrator:  # noqa: N801 - reads as a question put to the server
    def __enter__(self):
        self.connection = connect("postgres")
        self.connection.autocommit = True
        return self.connection.cursor()

    def __exit__(self, *_):
        self.connection.close()


def connect(database: str):
    known = connection.settings_dict
    return psycopg2.connect(
        host=known["HOST"], port=known["PORT"], user=known["USER"], password=known["PASSWORD"], dbname=database
    )


class Elsewhere:
    def __init__(self, database: str, home: Path) -> None:
        self.database = database
        self.home = home

    def restore(self, path: Path, *options: str, key: str = settings.SECRET_KEY) -> subprocess.CompletedProcess[str]:
        known = connection.settings_dict
        server = f"{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
        surroundings = {
            **os.environ,
            "DATABASE_URL": f"postgres://{server}/{self.database}",
            "CONTACTCENTER_HOME": str(self.home),
            "SECRET_KEY": key,
            "DJANGO_SETTINGS_MODULE": "contactcenter.settings",
        }
        command = [sys.executable, "manage.py", "restore", str(path), *options]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=surroundings, capture_output=True, text=True, timeout=120, check=False
        )

    def ask(self, question: str) -> list[tuple[object, ...]]:
        there = connect(self.database)
        with there.cursor() as cursor:
            cursor.execute(question)
            rows = cursor.fetchall()
        there.close()
        return rows

    def is_untouched(self) -> bool:
        return self.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)] and not list(
            self.home.glob("files/??/??/*")
        )


@pytest.fixture
def backup(tmp_path, settings, carlas_case):
    settings.MEDIA_ROOT = tmp_path / "files"
    storage.store(b"a photo of a broken sofa")
    path = tmp_path / "contactcenter.tar"
    assert write(path).files == 1
    return path


def test_cases_and_files_are_there_again_on_another_machine(backup, elsewhere, carlas_case):
    done = elsewhere.restore(backup)
    assert done.returncode == 0, done.stderr
    assert elsewhere.ask("SELECT number, subject FROM interactions_case") == [(carlas_case.number, carlas_case.subject)]
    (file,) = elsewhere.home.glob("files/??/??/*")
    assert file.read_bytes() == b"a photo of a broken sofa"
    again = elsewhere.restore(backup)
    assert again.returncode == 1
    assert "The database is not empty" in again.stderr


def test_a_backup_is_never_written_over_and_a_broken_off_one_is_no_backup(backup, tmp_path, monkeypatch):
    before = backup.read_bytes()
    with pytest.raises(BackupFailed, match="there already"):
        write(backup)
    assert backup.read_bytes() == before

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("foundation.backup.write.programs.run", full)
    with pytest.raises(BackupFailed, match="No space left"):
        write(tmp_path / "second.tar")
    assert [path.name for path in tmp_path.glob("*.tar*")] == [backup.name]


def test_what_is_broken_or_of_another_key_or_a_later_release_changes_nothing(backup, elsewhere, tmp_path):
    half = tmp_path / "half.tar"
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    broken = elsewhere.restore(half)
    assert (broken.returncode, elsewhere.is_untouched()) == (1, True), broken.stderr

    other = elsewhere.restore(backup, key="another key, long enough to be one, of another machine")
    assert "another SECRET_KEY" in other.stderr
    assert elsewhere.is_untouched()

    later = rewritten(backup, tmp_path / "later.tar", migrations=["interactions.9999_from_the_future"])
    assert "later release" in elsewhere.restore(later).stderr
    assert elsewhere.is_untouched()


def test_a_name_that_leads_out_of_the_house_is_refused(backup, elsewhere, tmp_path):
    hostile = tmp_path / "hostile.tar"
    with tarfile.open(backup) as old, tarfile.open(hostile, "w") as new:
        new.addfile(old.getmember("manifest.json"), old.extractfile("manifest.json"))
        entry = tarfile.TarInfo("files/../../../outside")
        entry.size = 4
        new.addfile(entry, io.BytesIO(b"evil"))
        new.addfile(old.getmember("database.dump"), old.extractfile("database.dump"))
    done = elsewhere.restore(hostile)
    assert "which no backup writes" in done.stderr
    assert elsewhere.is_untouched()
    assert not list(tmp_path.glob("**/outside"))


def test_it_is_never_restored_over_what_is_there(backup):
    with pytest.raises(BackupFailed, match="not empty"):
        restore(backup)


def rewritten(backup: Path, path: Path, **changed: object) -> Path:
    with tarfile.open(backup) as old, tarfile.open(path, "w") as new:
        told = {**json.loads(old.extractfile("manifest.json").read()), **changed}
        content = json.dumps(told).encode()
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(content)
        new.addfile(entry, io.BytesIO(content))
        new.addfile(old.getmember("database.dump"), old.extractfile("database.dump"))
    return path
