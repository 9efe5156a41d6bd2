"""Takes a list of customers in from the command line, as the page for administrators does; one JSON line at the end."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from customers.domain.importing.encoding import ENCODINGS
from customers.domain.importing.run import advance, begin, counts, upload
from customers.enums import Column, ImportState, RowOutcome
from customers.errors import UnreadableList
from customers.models import CustomerImport
from foundation import storage

SHOWN = (RowOutcome.ERROR, RowOutcome.DUPLICATE)


class Command(BaseCommand):
    help = "Import customers from a CSV file (comma, semicolon or tab; its charset is guessed)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write no customer")
        parser.add_argument("--column", action="append", default=[], metavar="NAME=MEANING", help="what a column means")
        parser.add_argument("--region", default="", help="country of numbers without a country code, such as SE")
        parser.add_argument("--encoding", default="", choices=ENCODINGS, help="charset of the file, instead of a guess")
        parser.add_argument(
            "--verified", action="store_true", help="the addresses were verified where the file is from"
        )
        parser.add_argument("--overwrite", action="store_true", help="the file replaces what records say")
        parser.add_argument("--rows", action="store_true", help="also a JSON line for each row that was not taken")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                batch = upload(file, options["file"].name, agent=None, encoding=options["encoding"])
            self._check(batch, options)
            _work_off(batch)
            if not options["dry_run"]:
                begin(batch.pk, ImportState.IMPORTING)
                _work_off(batch)
        except (OSError, UnreadableList, storage.TooLarge) as error:
            raise CommandError(str(error)) from error
        if options["rows"]:
            for row in batch.rows.filter(outcome__in=SHOWN).order_by("number").iterator():
                self.stdout.write(json.dumps({"row": row.number, "outcome": row.outcome, "reason": row.reason}))
        result = {outcome.value: number for outcome, number in counts(batch).items()}
        self.stdout.write(
            json.dumps({"import": str(batch.pk), "dry_run": options["dry_run"], "rows": batch.total, **result})
        )

    def _check(self, batch: CustomerImport, options: dict[str, Any]) -> None:
        columns = list(batch.columns)
        for asked in options["column"]:
            name, _, meaning = asked.partition("=")
            if name not in batch.header or meaning not in Column.values:
                known = ", ".join(value for value in Column.values if value)
                raise CommandError(f"{asked}: the columns are {', '.join(batch.header)}; they may mean {known}.")
            columns[batch.header.index(name)] = meaning
        begin(
            batch.pk,
            ImportState.CHECKING,
            columns=columns,
            region=options["region"].upper()[:2],
            verified=options["verified"],
            overwrite=options["overwrite"],
        )


def _work_off(batch: CustomerImport) -> None:
    """To the end, beside workers who hear of it too: what is printed then is final."""
    while advance(batch.pk, wait=True):
        pass
    batch.refresh_from_db()
    if batch.state == ImportState.FAILED:
        raise UnreadableList(f"{batch.get_state_display()}; {batch.done} of {batch.total} rows were worked off.")
