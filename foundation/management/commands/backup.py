from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.backup.errors import BackupFailed
from foundation.backup.write import write


class Command(BaseCommand):
    help = "Writes the database and all stored files into one tar file, while everything goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the tar file to write; never written over")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = write(options["file"], self.stderr.write)
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(
            f"{options['file']}: the database ({written.database_bytes:,} bytes) and {written.files:,} files "
            f"({written.file_bytes:,} bytes). Keep the SECRET_KEY, too: it is not in it."
        )
