"""Wake a worker for a queue: at most one unanswered ring per queue, and losing one loses nothing but a little time."""

import structlog
from celery import current_app
from django.core.cache import cache

UNANSWERED = 5  # seconds after which a ring that no worker took up is held for lost
log = structlog.get_logger(__name__)


def ring(queue: str) -> bool:
    """Let a worker look at the queue. False when the broker is away; never raises."""
    try:
        # A cache that is away neither takes the mark nor has one: then every ring goes out.
        if cache.add(_key(queue), 1, timeout=UNANSWERED) or cache.get(_key(queue)) is None:
            current_app.send_task("foundation.work_off", args=[queue], queue=queue, retry=False, expires=60)
    except Exception as error:  # noqa: BLE001 - cache and broker clients raise what they like; the relay rings again
        log.warning("doorbell not rung", queue=queue, error=type(error).__name__)
        return False
    return True


def answer(queue: str) -> None:
    """A worker begins to look: rows written from now on need a new ring. Never raises."""
    try:
        cache.delete(_key(queue))
    except Exception as error:  # noqa: BLE001 - as above; the mark fades by itself
        log.warning("doorbell not answered", queue=queue, error=type(error).__name__)


def _key(queue: str) -> str:
    return f"foundation.doorbell.{queue}"
