"""Points of death: nothing at all unless a proof names a folder, then once each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from foundation import fault, storage

STORY = "from foundation import fault; fault.point('a'); fault.point('b'); print('alive')"


def live(folder: Path | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "FAULTS": str(folder) if folder else ""}
    return subprocess.run(
        [sys.executable, "-c", STORY],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_in_an_installation_nobody_dies_here():
    assert live(None).stdout == "alive\n"
    fault.point("whatever")


def test_an_armed_point_is_passed_by_dying_once_and_the_others_are_passed(tmp_path):
    (tmp_path / "armed").write_text("b")
    died = live(tmp_path)
    assert (died.returncode, died.stdout) == (fault.ENDED, "")
    assert (tmp_path / "b").exists()
    assert not (tmp_path / "a").exists()
    assert live(tmp_path).stdout == "alive\n"


def test_a_full_disk_keeps_a_file_from_being_stored_and_leaves_nothing(tmp_path, settings, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(fault, "_FOLDER", str(tmp_path))
    (tmp_path / "disk_full").touch()
    with pytest.raises(OSError, match="No space left"):
        storage.store(b"a picture")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    (tmp_path / "disk_full").unlink()
    assert storage.store(b"a picture").size == 9
