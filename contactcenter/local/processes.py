"""The processes of a running installation side by side: logs, restarts with growing pauses, one end for all.

honcho gives the coloured prefixes. Its Manager ends everything when one process ends, runs commands through a shell
and cannot tie a process to its own life, so running them is ours (docs/decisions).
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import psutil
from honcho.colour import get_colours
from honcho.printer import Message, Printer

from contactcenter.local import children
from contactcenter.local.screen import say

LONGEST_PAUSE = 30.0  # seconds before a process that keeps dying is started once more
SETTLED = 60.0  # seconds after which a process counts as well again
MOST_ALARMS = 20  # lines of one process that are shown; the log has all
ALARMS = (b"ERROR", b"CRITICAL", b"Traceback (most recent call last)", b"panicked at")
MARK = "CONTACTCENTER_RUN"  # in the environment of all we start: how to know an orphan again


@dataclass(frozen=True)
class Part:
    """One process: its name, and the program with its arguments."""

    name: str
    command: tuple[str | Path, ...]


@dataclass
class Running:
    part: Part
    log: Path
    colour: str
    child: "subprocess.Popen[bytes] | None" = None
    since: float = 0.0
    pause: float = 1.0
    not_before: float = 0.0
    read_up_to: BinaryIO | None = field(default=None, repr=False)
    shown: int = 0


class Processes:
    def __init__(self, home: Path, root: Path, environment: Mapping[str, str], *, show_all: bool) -> None:
        """With `show_all` each line of each process is shown, otherwise only those that sound an alarm."""
        self.home = home
        self.root = root
        self.environment = {**environment, MARK: str(home), "PYTHONUNBUFFERED": "1"}
        self.show_all = show_all
        self.running: list[Running] = []
        self._colours = get_colours()

    def start(self, part: Part) -> None:
        log = self.home / "log" / f"{part.name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        entry = Running(part, log, next(self._colours))
        self.running.append(entry)
        self._launch(entry)

    def tick(self) -> None:
        """Shows what was said since the last tick and brings back what died. Call it several times a second."""
        for entry in self.running:
            self._show(entry)
            self._revive(entry, time.monotonic())

    def restart(self) -> None:
        """All anew, at once: for changed code."""
        children.end([entry.child for entry in self.running if entry.child is not None])
        for entry in self.running:
            entry.pause = 1.0
            self._launch(entry)

    def stop(self) -> None:
        children.end([entry.child for entry in self.running if entry.child is not None])
        for entry in self.running:
            if entry.child is not None:
                children.end_orphans(entry.child.pid)
            self._show(entry)
            if entry.read_up_to is not None:
                entry.read_up_to.close()
        self.running.clear()

    def _launch(self, entry: Running) -> None:
        entry.since, entry.shown = time.monotonic(), 0
        entry.child = children.spawn(entry.part.command, cwd=self.root, log=entry.log, env=self.environment)

    def _revive(self, entry: Running, now: float) -> None:
        if entry.child is not None and entry.child.poll() is not None:
            children.end_orphans(entry.child.pid)
            if now - entry.since > SETTLED:
                entry.pause = 1.0
            code = entry.child.returncode
            say(f"{entry.part.name} ended with {code}; again in {entry.pause:.0f} s. {entry.log}:")
            for line in last_lines(entry.log, 8):
                say(f"    {line}")
            entry.child, entry.not_before = None, now + entry.pause
            entry.pause = min(entry.pause * 2, LONGEST_PAUSE)
        elif entry.child is None and now >= entry.not_before:
            self._launch(entry)

    def _show(self, entry: Running) -> None:
        if entry.read_up_to is None:
            entry.read_up_to = entry.log.open("rb")
        for line in entry.read_up_to:
            if self.show_all or (entry.shown <= MOST_ALARMS and any(alarm in line for alarm in ALARMS)):
                entry.shown += 1
                if entry.shown > MOST_ALARMS and not self.show_all:
                    line = f"and so on, see {entry.log}".encode()  # noqa: PLW2901 - the last line shown says so
                said = Message("line", line, datetime.now().astimezone(), entry.part.name, entry.colour)
                try:
                    Printer(sys.stdout, width=10).write(said)
                except OSError:
                    return


def last_lines(log: Path, count: int) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8192))
            return file.read().decode(errors="replace").splitlines()[-count:]
    except OSError:
        return []


def orphans(home: Path) -> Iterator[psutil.Process]:
    """Processes that a runner of this folder started and left behind, known by the mark in their environment."""
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == str(home):
                yield process
        except (psutil.Error, OSError):
            continue
