"""Ending by a signal: the first unwinds the runner so that it can end what it started, later ones change nothing."""

import signal
from types import FrameType

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """A signal asks the runner to end."""

    def __init__(self, by: signal.Signals) -> None:
        super().__init__(by.name)
        self.by = by

    @property
    def exit_code(self) -> int:
        return 0 if self.by == signal.SIGINT else 128 + int(self.by)


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature is Python's
    for each in ENDINGS:
        signal.signal(each, signal.SIG_IGN)
    raise Ended(signal.Signals(number))


def end_on_signals() -> None:
    for each in ENDINGS:
        signal.signal(each, _end)
