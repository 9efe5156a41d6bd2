"""The local runner as a person starts it: a process of its own, in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60  # seconds


class Runner:
    def __init__(self, home: Path, command: str = "servers", **environment: str) -> None:
        self.home = home
        self.output = home.parent / f"{home.name}.{command}.{time.monotonic_ns()}.out"
        self.output.parent.mkdir(parents=True, exist_ok=True)
        env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "contactcenter.local", command],
                cwd=ROOT,
                env={**env, "CONTACTCENTER_HOME": str(home), "PYTHONUNBUFFERED": "1", **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def says(self, words: str) -> "Runner":
        """Waits until it has said these words."""
        wait_until(lambda: words in self.output.read_text() or self.process.poll() is not None)
        assert words in self.output.read_text(), self.output.read_text()
        return self

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, word: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(word)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


def wait_until(true_at_last) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true_at_last() and time.monotonic() < deadline:
        time.sleep(0.05)


def gone(processes: list[psutil.Process]) -> bool:
    """Whether each has ended; one that nobody reaped yet has."""
    return all(not each.is_running() or each.status() == psutil.STATUS_ZOMBIE for each in processes)
