import json
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from simulator.world.load import CUSTOMERS, MAILS, NotEmpty, load


class Command(BaseCommand):
    help = (
        "Loads the demo world into an empty database, once; prints its sign-ins, API token and mailbox as one JSON "
        "line in any case. Progress goes to standard error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mails", type=int, default=MAILS, help="messages of the past (%(default)s)")
        parser.add_argument("--customers", type=int, default=CUSTOMERS, help="customers (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["mails"] < 100 or options["customers"] < 100:
            raise CommandError("A world has at least 100 mails and 100 customers.")
        began = time.monotonic()

        def say(done: str) -> None:
            print(f"load_demo: {done} ({time.monotonic() - began:.1f} s)", file=sys.stderr)

        try:
            facts = load(mails=options["mails"], customers=options["customers"], say=say)
        except NotEmpty as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(facts))
