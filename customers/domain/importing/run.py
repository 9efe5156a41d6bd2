"""A list's way: uploaded, checked without writing a customer, then imported; in slices that survive a death."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from customers.domain.authorship import by
from customers.domain.importing.candidate import Candidate, read_candidate
from customers.domain.importing.columns import guess_columns
from customers.domain.importing.spreadsheet import BEGINNING, Layout, Records, find_layout, read_header
from customers.domain.importing.take import Result, judge, take
from customers.enums import Column, ImportState, RowOutcome
from customers.errors import UnreadableList
from customers.events import ImportAdvanced
from customers.models import CustomerImport, ImportAddress, ImportRow
from foundation import bus, clock, storage

LARGEST = 200 * 1024 * 1024  # bytes
MOST_ROWS = 1_000_000
SLICE = 500
RUNNING = (ImportState.CHECKING, ImportState.IMPORTING)
KNOWN_BY = {Column.EMAIL.value, Column.PHONE.value, Column.ACCOUNT.value}


def upload(file: BinaryIO, filename: str, *, agent: UUID | None, encoding: str = "") -> CustomerImport:
    """Keeps the file and guesses how it is to be read; in `encoding` (one of ENCODINGS) where it is known.

    Raises UnreadableList, storage.TooLarge.
    """
    kept = storage.store(file, limit=LARGEST)
    try:
        filename = filename.replace("\x00", "")[:255]
        batch = CustomerImport(filename=filename, key=kept.key, size=kept.size, agent_id=agent)
        _look_at(batch, encoding)
        batch.save()
    except BaseException:
        storage.delete(kept.key)
        raise
    return batch


def reread(batch: UUID, encoding: str) -> CustomerImport:
    """Reads the file in another charset (one of ENCODINGS): its columns and what they mean are looked at anew.

    Raises UnreadableList, also when it is not the time for that, and storage.UnknownFile; then nothing is changed.
    """
    with transaction.atomic():
        row = CustomerImport.objects.select_for_update().get(pk=batch)
        if row.state not in {ImportState.UPLOADED, ImportState.CHECKED}:
            raise UnreadableList("This list is being worked on, or was imported already.")
        _look_at(row, encoding)
        row.state, row.done, row.place = ImportState.UPLOADED, 0, ""
        row.save()
        row.rows.all().delete()
        return row


def _look_at(batch: CustomerImport, encoding: str) -> None:
    with storage.open(batch.key) as stored:
        layout = find_layout(stored, encoding)
        header, sample = read_header(stored, layout)
        total = sum(1 for _ in islice(Records(stored, layout), 1, MOST_ROWS + 2))
    if total > MOST_ROWS:
        raise UnreadableList(f"The file has more than {MOST_ROWS:,} rows; cut it into several.")
    if not total:
        raise UnreadableList("The file has the names of the columns, but no row below them.")
    batch.encoding, batch.delimiter, batch.header, batch.total = layout.encoding, layout.delimiter, header, total
    batch.columns = [column.value for column in guess_columns(header, sample)]


def sample_of(batch: CustomerImport) -> list[list[str]]:
    """The first rows of the file, for people who say what its columns mean."""
    with storage.open(batch.key) as stored:
        return read_header(stored, Layout(batch.encoding, batch.delimiter))[1][:5]


def begin(batch: UUID, state: ImportState, **settings: object) -> CustomerImport:
    """Begins to check (again) or to import what was checked. `settings` are fields of CustomerImport.

    Raises UnreadableList when no column says by what people are known, or when it is not the time for that.
    """
    with transaction.atomic():
        row = CustomerImport.objects.select_for_update().get(pk=batch)
        due = {
            ImportState.CHECKING: (ImportState.UPLOADED, ImportState.CHECKED),
            ImportState.IMPORTING: (ImportState.CHECKED,),
        }
        if row.state not in due.get(state, ()):
            raise UnreadableList("This list is being worked on, or was imported already.")
        for name, value in settings.items():
            setattr(row, name, value)
        if not KNOWN_BY & set(row.columns):
            raise UnreadableList("Say which column holds an e-mail address, a phone number or an account number.")
        row.state, row.done, row.place = state, 0, ""
        row.save()
        if state == ImportState.CHECKING:
            row.rows.all().delete()
        row.addresses.all().delete()
        bus.publish(ImportAdvanced(customer_import=row.pk, done=0))
        return row


def advance(batch: UUID, *, size: int = SLICE, wait: bool = False) -> bool:
    """Works off the next rows in one transaction; whether there are more.

    Beside itself it finds nothing to do; with `wait` it goes on when the other is through with its rows, or died.
    """
    with transaction.atomic():
        mine = CustomerImport.objects.select_for_update(skip_locked=not wait)
        row = mine.filter(pk=batch, state__in=RUNNING).first()
        if row is None:
            return False
        try:
            with storage.open(row.key) as stored:
                records = Records(stored, Layout(row.encoding, row.delimiter), row.place or BEGINNING)
                passed = 0 if row.place else 1 + row.done  # the header, and what was done before places were kept
                portion = [
                    read_candidate(each, row.columns, row.region) for each in islice(records, passed, passed + size)
                ]
                row.place = records.place
        except storage.UnknownFile:
            row.state = ImportState.FAILED
            row.save(update_fields=["state"])
            return False
        with by(row.agent_id, f"import {row.filename}"):
            _work_off(row, portion)
        row.done += len(portion)
        more = len(portion) == size
        if not more:
            row.state = ImportState.CHECKED if row.state == ImportState.CHECKING else ImportState.DONE
            row.total, row.finished_at = row.done, clock.now()
            row.addresses.all().delete()
        row.save(update_fields=["done", "place", "total", "state", "finished_at"])
        if more:
            bus.publish(ImportAdvanced(customer_import=row.pk, done=row.done))
        return more


def counts(batch: CustomerImport) -> dict[RowOutcome, int]:
    """How many rows became what, zeros included."""
    found = dict(batch.rows.values_list("outcome").annotate(Count("pk")).order_by())
    return {outcome: found.get(outcome.value, 0) for outcome in RowOutcome}


def _work_off(row: CustomerImport, candidates: Sequence[Candidate]) -> None:
    single, double = _tell_doubles(row, candidates)
    results = judge(row, single) if row.state == ImportState.CHECKING else take(row, single)
    ImportRow.objects.bulk_create(
        [_line(row, result) for result in (*results, *double)],
        update_conflicts=True,
        unique_fields=["customer_import", "number"],
        update_fields=["outcome", "shown", "reason", "customer"],
    )


def _line(row: CustomerImport, result: Result) -> ImportRow:
    return ImportRow(
        customer_import=row,
        number=result.candidate.number,
        outcome=result.outcome,
        shown=result.candidate.shown,
        reason=result.reason[:400],
        customer=None if row.state == ImportState.CHECKING and result.outcome == RowOutcome.NEW else result.customer,
    )


def _tell_doubles(row: CustomerImport, candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Result]]:
    """Those who are in the file for the first time, and the double ones with the row that has their address."""
    asked = [f"{kind}:{value}" for one in candidates for kind, value, _ in one.addresses]
    seen = dict(row.addresses.filter(value__in=asked).values_list("value", "number"))
    single: list[Candidate] = []
    double: list[Result] = []
    fresh: list[ImportAddress] = []
    for one in candidates:
        values = [f"{kind}:{value}" for kind, value, _ in one.addresses]
        earlier = next((seen[value] for value in values if value in seen), None)
        if earlier is not None and not one.mistake:
            double.append(Result(one, RowOutcome.DUPLICATE, f"Row {earlier} has the same address."))
            continue
        single.append(one)
        for value in values:
            seen[value] = one.number
            fresh.append(ImportAddress(customer_import=row, value=value, number=one.number))
    ImportAddress.objects.bulk_create(fresh)
    return single, double
