"""Files of strangers."""

import hashlib
import io
from pathlib import Path

import pytest

from foundation import storage
from foundation.content_type import sniff

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(autouse=True)
def root(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_what_was_stored_comes_back_and_can_be_deleted_twice(root: Path):
    content = b"%PDF-1.7 " + b"x" * 1_000_000
    stored = storage.store(io.BytesIO(content))
    assert (stored.size, stored.content_type) == (len(content), "application/pdf")
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    with storage.open(stored.key) as file:
        assert file.read() == content
    assert storage.store(content).key != stored.key, "names are random, so the same content may lie there twice"
    storage.delete(stored.key)
    storage.delete(stored.key)
    with pytest.raises(storage.UnknownFile):
        storage.open(stored.key)


def test_content_beyond_the_limit_leaves_nothing_behind(root: Path):
    with pytest.raises(storage.TooLarge):
        storage.store(io.BytesIO(b"x" * 101), limit=100)
    assert files(root) == []
    assert storage.store(b"x" * 100, limit=100).size == 100


def test_a_source_that_breaks_leaves_nothing_behind(root: Path):
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(10)

    with pytest.raises(ConnectionResetError):
        storage.store(Torn(b"x" * 100))
    assert files(root) == []


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "/etc/passwd", "aa/bb/../../secret", "aa/bb/" + "g" * 32])
def test_only_keys_open_files(key: str):
    for door in (storage.open, storage.delete):
        with pytest.raises(storage.UnknownFile):
            door(key)


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml word/document.xml", WORD),
        (b"PK\x03\x04" + b"\0" * 26 + b"a.txt", "application/zip"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "text/plain"),
        ("Grüße".encode(), "text/plain"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_bytes_say_what_they_are_and_markup_is_only_text(head: bytes, content_type: str):
    assert sniff(head) == content_type


def test_several_files_are_stored_beside_each_other_and_come_back_in_their_order(root: Path):
    contents = [b"%PDF-1.7 " + bytes([number]) * number for number in range(20)]
    stored = storage.store_all(contents)
    assert [each.sha256 for each in stored] == [hashlib.sha256(content).hexdigest() for content in contents]
    assert len(files(root)) == 20
    assert storage.store_all([]) == []


def test_when_the_disk_refuses_one_of_several_none_is_left_behind(root: Path, monkeypatch: pytest.MonkeyPatch):
    sound = storage.store

    def refusing(content: bytes) -> storage.StoredFile:
        if content == b"3":
            raise OSError(28, "No space left on device")
        return sound(content)

    monkeypatch.setattr(storage, "store", refusing)
    with pytest.raises(OSError, match="No space left"):
        storage.store_all([b"1", b"2", b"3", b"4"])
    assert files(root) == []
