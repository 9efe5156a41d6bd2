"""A list of customers on its way in: how it is read, how far it is, what its rows become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from customers.domain.importing.encoding import ENCODINGS
from customers.domain.importing.run import RUNNING, counts
from customers.enums import ImportState, RowOutcome
from customers.models import CustomerImport, ImportRow
from desktop.presenters.words import Look

OUTCOMES = {
    RowOutcome.NEW: Look("new", "New customer", "user-plus", "success"),
    RowOutcome.UPDATED: Look("updated", "Customer updated", "pencil", "accent"),
    RowOutcome.SAME: Look("same", "Nothing new", "equal"),
    RowOutcome.DUPLICATE: Look("duplicate", "Double in the file", "alert-circle", "warning"),
    RowOutcome.ERROR: Look("error", "Not taken", "alert-triangle", "danger"),
}
_SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "bars"}
SHOWN_ROWS = 100


@dataclass(frozen=True)
class RowView:
    number: int
    look: Look
    shown: str
    reason: str
    customer_url: str


@dataclass(frozen=True)
class ImportView:
    id: UUID
    filename: str
    layout: str
    state: str
    label: str
    running: bool
    total: int
    done: int
    counts: Sequence[tuple[Look, int, str, bool]]
    rows: Sequence[RowView]
    more_url: str
    to_take: int
    url: str


def import_view(batch: CustomerImport, outcome: str, after: int) -> ImportView:
    """`outcome` narrows the rows, `after` is the number of the row behind which the page begins."""
    url = reverse("desktop:import", args=[batch.pk])
    numbers = counts(batch)
    rows = batch.rows.filter(number__gt=after).order_by("number")
    if outcome in RowOutcome.values:
        rows = rows.filter(outcome=outcome)
    page = list(rows[: SHOWN_ROWS + 1])
    more = len(page) > SHOWN_ROWS
    page = page[:SHOWN_ROWS]
    return ImportView(
        id=batch.pk,
        filename=batch.filename,
        layout=f"{ENCODINGS.get(batch.encoding, batch.encoding.upper())}, {_SEPARATORS.get(batch.delimiter, '')}",
        state=batch.state,
        label=ImportState(batch.state).label,
        running=batch.state in RUNNING,
        total=batch.total,
        done=batch.done,
        counts=[
            (look, numbers[one], f"{url}?outcome={'' if one == outcome else one.value}", one == outcome)
            for one, look in OUTCOMES.items()
        ],
        rows=[_row(row) for row in page],
        more_url=f"{url}?outcome={outcome}&after={page[-1].number}" if more else "",
        to_take=numbers[RowOutcome.NEW] + numbers[RowOutcome.UPDATED],
        url=f"{url}?outcome={outcome}",
    )


def _row(row: ImportRow) -> RowView:
    where = reverse("desktop:customer", args=[row.customer_id]) if row.customer_id else ""
    return RowView(row.number, OUTCOMES[RowOutcome(row.outcome)], row.shown, row.reason, where)
