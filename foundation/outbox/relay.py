"""From the outbox to the workers: hear of each commit that wrote rows, ring for their queues, look round now and then.

Two relays side by side are harmless: `doorbell` lets through one ring per queue.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection

from foundation.outbox import doorbell, sweep
from foundation.registry import QUEUES

CHANNEL = "foundation_outbox"  # the trigger on the table notifies it, once per transaction and queue
POLL = 1.0  # seconds; finds what no notification told of: retries, dead workers' rows, a broker that was away
log = structlog.get_logger(__name__)


def run() -> None:
    """Relay until the process is told to stop; outlives the database and the broker being away."""
    while True:
        try:
            with _listening() as listener:
                log.info("relay listens")
                _relay(listener)
        except (OperationalError, InterfaceError, OSError) as error:
            log.warning("relay lost the database", error=type(error).__name__)
            connection.close()
            sleep(POLL)


def _relay(listener: Any) -> None:
    swept = 0.0
    while True:
        queues = _heard(listener, POLL)
        if monotonic() - swept >= POLL:
            swept = monotonic()
            queues |= set(sweep.due_queues())
        for queue in sorted(queues):
            doorbell.ring(queue)


@contextmanager
def _listening() -> Iterator[Any]:
    """A connection of its own, so that reading the tables and hearing of them do not get in each other's way."""
    own = connection.copy()
    own.ensure_connection()
    try:
        with own.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        yield own.connection
    finally:
        own.close()


def _heard(listener: Any, seconds: float) -> set[str]:
    """The queues of all notifications that have come, waiting for the first at most so long."""
    ready, _, _ = select.select([listener], [], [], seconds)
    if ready:
        try:
            listener.poll()
        except Exception as error:  # psycopg2 raises its own error here, outside of Django's wrapping
            raise OperationalError(str(error)) from error
    queues = {notification.payload for notification in listener.notifies}
    listener.notifies.clear()
    return queues & set(QUEUES)
