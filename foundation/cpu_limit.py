"""A limit of CPU time for work on strangers' input: what nobody foresaw ends as an error and hangs no process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(BaseException):
    """More CPU time was spent than was allowed. No Exception: who guards against a foreign parser must not catch it."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raises TookTooLong within, once this process has spent so many seconds of CPU time; regular expressions heed it.

    Signals reach a process's main thread alone: in another one, and within another limit, there is none.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getitimer(signal.ITIMER_PROF)[0]:
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLong(f"more than {seconds:g} s of CPU time")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
