import json
from argparse import ArgumentParser
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Runs one benchmark of benchmarks/ and prints its figures, beside their limits, as one JSON line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="which; without it, the names are listed")

    def handle(self, *args: Any, **options: Any) -> None:
        known = {
            path.stem: path
            for path in sorted((settings.BASE_DIR / "benchmarks").glob("*.py"))
            if "def run(" in path.read_text()
        }
        if options["name"] is None:
            self.stdout.write("\n".join(known))
            return
        if options["name"] not in known:
            raise CommandError(f"There is no benchmark {options['name']!r}; there are: {', '.join(known)}.")
        figures = import_module(f"benchmarks.{options['name']}").run()
        self.stdout.write(json.dumps({"benchmark": options["name"], **figures}))
