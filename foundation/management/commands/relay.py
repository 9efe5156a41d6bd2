import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand

from foundation.outbox import relay


class Command(BaseCommand):
    help = "Wakes the workers whenever a transaction leaves work in the outbox. Runs until stopped; two are safe."

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            relay.run()
        except KeyboardInterrupt:
            sys.exit(0)
