"""Events and receivers for scenes about the bus, also known to the worker processes that scenes start."""

import os
import signal
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import connection

from foundation import bus


@dataclass(frozen=True, kw_only=True)
class BellRung(bus.Event):
    bell: UUID
    tower: str = ""
    strokes: tuple[int, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ClockStruck(bus.Event):
    """Handled by worker processes: each stroke is written down in the table `strokes`."""

    tower: str


@dataclass(frozen=True, kw_only=True)
class TowerFell(bus.Event):
    """Handled by a worker process that is killed in the middle of it, the first time."""

    tower: str
    marker: str


def write_down(tower: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO strokes VALUES (%s)", [tower])


@bus.after(ClockStruck)
def count_strokes(event: ClockStruck) -> None:
    write_down(event.tower)


@bus.after(TowerFell)
def die_the_first_time(event: TowerFell) -> None:
    write_down(event.tower)
    try:
        Path(event.marker).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)
