"""Outlasting a database that is away: what is known already is not given up for a restart of the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds
Result = TypeVar("Result")

log = structlog.get_logger(__name__)


def outlast(write: Callable[[], Result]) -> Result:
    """What `write` returns, tried again for half a minute while the database is away.

    It may have been done although its answer was lost, so it must see by itself that it was. Inside a transaction it
    is tried once, as the rest of that transaction is gone. Raises OperationalError or InterfaceError at the end.
    """
    for pause in PAUSES:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block:
                raise
            log.warning("waiting for the database", seconds=pause, error=type(error).__name__)
        connection.close()
        time.sleep(pause)
    return write()
