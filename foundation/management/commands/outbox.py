from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.outbox import sweep


class Command(BaseCommand):
    help = "Shows how the outbox stands and which rows were given up; `retry` takes dead rows up again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", nargs="?", choices=["list", "retry"], default="list")
        parser.add_argument("rows", nargs="*", type=int, metavar="ROW", help="numbers of dead rows; none means all")
        parser.add_argument("--limit", type=int, default=50, help="how many dead rows to list (default 50)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "retry":
            revived = sweep.revive(options["rows"] or None)
            if options["rows"] and revived != len(set(options["rows"])):
                raise CommandError(f"Only {revived} of these rows are dead letters; these are tried again.")
            self.stdout.write(f"{revived} rows are tried again.")
            return
        for each in sweep.backlog():
            self.stdout.write(
                f"{each.queue:5} {each.waiting:7} waiting, the oldest due for {each.oldest.total_seconds():.1f} s,"
                f" {each.dead} dead"
            )
        for row in sweep.dead_letters()[: max(0, options["limit"])]:
            reason = row.error.strip().rsplit("\n", 1)[-1]
            self.stdout.write(f"{row.pk} dead since {row.dead_at:%Y-%m-%d %H:%M} {row.receiver}: {reason[:200]}")
