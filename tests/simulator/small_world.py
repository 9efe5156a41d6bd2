"""The demo world in small, loaded once for all tests of a file; each of them still has a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import override_settings

from simulator.world.load import load

MAILS, CUSTOMERS = 300, 150


@contextmanager
def small_world(blocker: Any, home: Path) -> Iterator[dict[str, Any]]:
    with override_settings(HOME=home), blocker.unblock():
        facts = load(mails=MAILS, customers=CUSTOMERS)
    try:
        yield facts
    finally:
        with blocker.unblock():
            call_command("flush", interactive=False, verbosity=0)
