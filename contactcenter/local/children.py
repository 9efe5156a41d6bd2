"""Starting a process that cannot outlive the runner, and ending it with all it started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


@dataclass(frozen=True)
class User:
    """Whom a process runs as."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    log: Path | None,
    env: Mapping[str, str] | None = None,
    user: User | None = None,
    last_word: signal.Signals = signal.SIGTERM,
    given: bytes = b"",
) -> "subprocess.Popen[bytes]":
    """Starts `command` in a session of its own, so that the terminal's Ctrl-C reaches the runner alone.

    What it prints is appended to `log`, or goes to the terminal without one; `given` is its input. Where the kernel
    can (Linux), it gets `last_word` when the runner dies in whatever way. The kernel watches the *thread* that starts
    a process: call this from the main one.
    """
    runner = os.getpid()

    def die_with_the_runner() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(last_word))
            if os.getppid() != runner:
                os._exit(1)

    with log.open("ab") if log else contextlib.nullcontext() as output:
        child = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(env) if env is not None else None,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            start_new_session=True,
            preexec_fn=die_with_the_runner,  # noqa: PLW1509 - the runner has one thread when it starts processes
            **({"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}),
        )
    assert child.stdin is not None  # noqa: S101 - a pipe was asked for
    try:
        child.stdin.write(given)
        child.stdin.close()
    except BrokenPipeError:
        pass  # it ended at once; the caller sees that by its exit code
    return child


def end(
    children: Iterable["subprocess.Popen[bytes]"], word: signal.Signals = signal.SIGTERM, patience: float = 10
) -> None:
    """Asks each to end, waits up to `patience` seconds for all, then kills what is left, also their own children."""
    living = [child for child in children if child.poll() is None]
    family = [relative for child in living for relative in _descendants(child.pid)]
    for child in living:
        child.send_signal(word)
    deadline = time.monotonic() + patience
    for child in living:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    end_processes(family, patience=1)


def end_orphans(leader: int) -> None:
    """Kills what a dead process that `spawn` started left of its session: a server's workers hold its port."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def end_processes(
    processes: Iterable[psutil.Process], word: signal.Signals = signal.SIGTERM, patience: float = 10
) -> None:
    """The same for processes that are not our own children. psutil checks that a number still is the same process."""
    asked = []
    for process in processes:
        try:
            process.send_signal(word)
        except psutil.NoSuchProcess:
            continue
        asked.append(process)
    _, living = psutil.wait_procs(asked, timeout=patience)
    for process in living:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(living, timeout=5)


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []
