from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from foundation import clock
from simulator.models import World
from simulator.people import colleagues, customers
from simulator.world.rhythm import liveliness

TICK = 1.0  # seconds
LONGEST_GAP = 30.0  # seconds; after a pause of the machine nobody writes all that was missed
log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = (
        "Plays the demo world's people: customers who write and answer (`customer_mailboxes` posts it), colleagues who "
        "accept and answer. The rate is set on the page /demo/. May be killed at any time and started again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not World.objects.exists():
            raise CommandError("There is no demo world here; load it first: manage.py load_demo")
        stop = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stop.set())
        rng = random.Random()  # noqa: S311 - people, not secrets
        last = time.monotonic()
        while not stop.wait(TICK):
            now = time.monotonic()
            elapsed, last = timedelta(seconds=min(now - last, LONGEST_GAP)), now
            try:
                close_old_connections()
                live(rng, elapsed)
            except (DatabaseError, InterfaceError) as error:
                log.warning("the demo world stands still", error=type(error).__name__)
                connection.close()


def live(rng: random.Random, elapsed: timedelta) -> None:
    """Everything that everybody does in one moment. One person's mishap stops nobody else."""
    rate = (World.objects.values_list("rate", flat=True).first() or 0) * liveliness(clock.now())
    deeds: tuple[Callable[[], object], ...] = (
        colleagues.keep_hours,
        colleagues.take_offers,
        lambda: colleagues.work_off(rng),
        customers.make_up_minds,
        lambda: customers.answer_due(rng),
        lambda: customers.write_new(rng, rate, elapsed),
    )
    for deed in deeds:
        try:
            deed()
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            log.exception("somebody in the demo world stumbled")
