from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.backup.errors import BackupFailed
from foundation.backup.restore import restore


class Command(BaseCommand):
    help = "Brings a backup back into an empty database, and applies the migrations that came since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")
        parser.add_argument("--another-key", action="store_true", help="also one that was made with another SECRET_KEY")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restored = restore(options["file"], another_key=options["another_key"], say=self.stderr.write)
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(f"As it was at {restored.made_at}, with {restored.files:,} files.")
