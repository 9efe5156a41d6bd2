"""Named points at which a process can be made to end itself, so that it can be proved that dying there loses nothing.

Nothing here does anything unless FAULTS names a folder, which only a proof does (see proofs/): a point is then passed
by dying, once for each name in its file `armed`, and leaves a file of its name behind.
"""

from __future__ import annotations

import errno
import os
from functools import cache
from pathlib import Path

_FOLDER = os.environ.get("FAULTS", "")
ENDED = 75  # how a process ends that ended itself here


def point(name: str) -> None:
    """A place between two steps that must bear a sudden end."""
    if _FOLDER:
        _pass(name)


def disk() -> None:
    """A place that writes to the disk: raises OSError (ENOSPC) as long as the proof's disk is full."""
    if _FOLDER and (Path(_FOLDER) / "disk_full").exists():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@cache
def _armed() -> frozenset[str]:
    try:
        return frozenset((Path(_FOLDER) / "armed").read_text().split())
    except OSError:
        return frozenset()


def _pass(name: str) -> None:
    if name not in _armed():
        return
    try:
        os.close(os.open(Path(_FOLDER) / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return  # somebody has died here already
    os._exit(ENDED)
