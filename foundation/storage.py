"""Files of strangers: stored under random names, typed by their bytes, never by what their sender says they are."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from foundation import fault
from foundation.content_type import sniff

KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}")
PORTION = 256 * 1024
THREADS = 8  # that wait for the disk at the same moment


class TooLarge(ValueError):
    """The content is larger than the caller allows; nothing of it was kept."""


class UnknownFile(LookupError):
    """There is no file under this key."""


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """`key` is where it lies, `content_type` what its bytes look like ("application/octet-stream" when unclear)."""

    key: str
    size: int
    sha256: str
    content_type: str


def store(content: bytes | BinaryIO, *, limit: int | None = None) -> StoredFile:
    """Write the content to the disk for good (fsync, then rename) and say what it is.

    Raises TooLarge when it has more than `limit` bytes, OSError when the disk refuses; nothing is left behind then.
    """
    name = secrets.token_hex(16)
    key = f"{name[:2]}/{name[2:4]}/{name}"
    path = _root() / key
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        fault.disk()
        with unfinished.open("xb") as file:
            for portion in _portions(content):
                size += len(portion)
                if limit is not None and size > limit:
                    raise TooLarge(f"more than {limit} bytes")
                head = head or portion[:4096]
                digest.update(portion)
                file.write(portion)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        _sync_folder(path.parent)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return StoredFile(key=key, size=size, sha256=digest.hexdigest(), content_type=sniff(head))


def store_all(contents: Sequence[bytes]) -> list[StoredFile]:
    """Each as `store` would, beside each other: disks make many small files safe in hardly more time than one.

    Raises OSError when the disk refuses one; nothing of all is left behind then.
    """
    if len(contents) < 2:
        return [store(content) for content in contents]
    with ThreadPoolExecutor(min(THREADS, len(contents)), thread_name_prefix="files") as pool:
        writing = [pool.submit(store, content) for content in contents]
    failures = [error for each in writing if (error := each.exception()) is not None]
    if failures:
        for each in writing:
            if each.exception() is None:
                delete(each.result().key)
        raise failures[0]
    return [each.result() for each in writing]


def open(key: str) -> BinaryIO:  # noqa: A001 - read as storage.open
    """The file's content, to be closed by the caller. Raises UnknownFile."""
    try:
        return _path(key).open("rb")
    except FileNotFoundError:
        raise UnknownFile(key) from None


def delete(key: str) -> None:
    """Remove the file; one that is gone already is no error. Raises UnknownFile for what is not a key."""
    _path(key).unlink(missing_ok=True)


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)


def _path(key: str) -> Path:
    if not KEY.fullmatch(key):
        raise UnknownFile(key)
    return _root() / key


def _portions(content: bytes | BinaryIO) -> Iterable[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while portion := content.read(PORTION):
        yield portion


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
