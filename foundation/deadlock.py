"""Writing again after a deadlock: of those who wait for each other the database ends one, who may try again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import OperationalError, transaction

DEADLOCK = "40P01"  # deadlock_detected, PostgreSQL documentation, appendix A
ATTEMPTS = 5
Result = TypeVar("Result")

log = structlog.get_logger(__name__)


def past_deadlocks(write: Callable[[], Result]) -> Result:
    """What `write` returns, done in a transaction of its own, again as long as a deadlock undoes it.

    Within another transaction it is a savepoint, which lets go its own locks alone. Raises OperationalError after
    ATTEMPTS deadlocks, and at once for whatever else the database says.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return write()
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") != DEADLOCK or attempt == ATTEMPTS:
                raise
            log.warning("again after a deadlock", attempt=attempt)
    raise AssertionError  # the last attempt has returned or raised
