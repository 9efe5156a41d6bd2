"""The one clock. Everything that asks what time it is asks here, so that a test can hold time still."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class StoppedClock:
    """A clock that moves only when told to."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        self.moment = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> datetime:
        self.moment += by
        return self.moment


_stopped: list[StoppedClock] = []
_WRONG_BY = timedelta(seconds=float(os.environ.get("CLOCK_WRONG_BY") or 0))  # set by proofs alone


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _stopped[-1].moment if _stopped else datetime.now(UTC) + _WRONG_BY


@contextmanager
def stopped_at(moment: datetime) -> Iterator[StoppedClock]:
    """For tests: time stands at `moment` in all threads of this process. The database's own clock goes on."""
    clock = StoppedClock(moment)
    _stopped.append(clock)
    try:
        yield clock
    finally:
        _stopped.remove(clock)
