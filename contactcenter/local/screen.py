"""What the local runner says on the terminal: plain lines, steps with their time, and the box at the end.

A terminal that has gone away (SIGHUP, a closed pipe) must not keep the runner from ending its processes.
"""

import contextlib
import sys
import time
from collections.abc import Iterator


def say(text: str, end: str = "\n") -> None:
    with contextlib.suppress(OSError):
        print(text, end=end, flush=True)


def warn(text: str) -> None:
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Names what is going on, then the seconds it took."""
    began = time.monotonic()
    say(f"  {name:<22} ", end="")
    try:
        yield
    except BaseException:
        say("stopped")
        raise
    say(f"{time.monotonic() - began:5.1f} s")


def box(title: str, rows: list[tuple[str, str]]) -> str:
    """The rows under a title, framed; a row without a name goes on from the one above."""
    widest = max((len(name) for name, _ in rows), default=0)
    lines = [title, "", *(f"{name:<{widest}}  {value}" for name, value in rows)]
    width = max(map(len, lines))
    edge = "─" * (width + 2)
    return "\n".join([f"┌{edge}┐", *(f"│ {line:<{width}} │" for line in lines), f"└{edge}┘"])
