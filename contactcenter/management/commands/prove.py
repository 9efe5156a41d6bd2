"""`manage.py prove NAME …`: kill and chaos tests at full size, in a house of their own; one JSON line each."""

from __future__ import annotations

import json
import sys
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from proofs import NAMES
from proofs.visit import in_a_house


class Command(BaseCommand):
    help = (
        "Runs proofs with servers, home and database of their own; a running installation is not touched. "
        "Exit 1 when one of them does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.usage = SUPPRESS  # a mistake is told in one clear line
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)}")
        parser.add_argument("--scale", type=float, default=1.0, help="the size; the test suite runs a tenth (0.1)")
        parser.add_argument("--home", type=Path, default=settings.HOME / "proofs", help="the folder of their servers")

    def handle(self, *args: Any, **options: Any) -> None:
        names: list[str] = options["names"]
        if not names:
            self.stdout.write("\n".join(NAMES))
            return
        for name in names:
            if name not in NAMES:
                raise CommandError(f"There is no proof {name!r}; there are: {', '.join(NAMES)}.")
        results = in_a_house([f"proofs.{name}" for name in names], options["scale"], options["home"])
        for result in results:
            self.stdout.write(json.dumps(result))
        if len(results) != len(names) or not all(result["holds"] for result in results):
            sys.exit(1)
