"""A row of a list as a person: what it says, or why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import available_timezones

from customers.domain.addresses import normalise
from customers.domain.importing.spreadsheet import Record
from customers.enums import Column, IdentityKind
from customers.errors import AddressUnusable

LONGEST = {
    Column.NAME: 200, Column.GIVEN_NAME: 100, Column.FAMILY_NAME: 100, Column.EMAIL: 320, Column.PHONE: 60,
    Column.ACCOUNT: 100, Column.LANGUAGE: 12, Column.TIME_ZONE: 64, Column.ORGANISATION: 200, Column.REMARKS: 2000,
}  # fmt: skip
_KINDS = {
    Column.EMAIL: IdentityKind.EMAIL,
    Column.PHONE: IdentityKind.PHONE,
    Column.ACCOUNT: IdentityKind.ACCOUNT,
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?", re.IGNORECASE)
# A spreadsheet runs what begins so; a list that holds it was made to be opened by somebody else.
_FORMULA = re.compile(r"\s*(?:[=@]|[+-](?=.*[(|!]))")
# Of what a number is written with nothing is run: +46 (0)70 123 45 67.
_NUMBER = re.compile(r"\+?[\d\s()./\u2010-\u2015-]+(?:(?:ext\.?|x|#)\s*\d+)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody as a row describes them. `addresses` are (kind, normal form, as written); `fields` what is not empty."""

    number: int
    addresses: list[tuple[IdentityKind, str, str]] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    organisation: str = ""
    mistake: str = ""

    @property
    def shown(self) -> str:
        """Who it is about, for people who look for the row."""
        return (self.fields.get("name") or (self.addresses[0][2] if self.addresses else ""))[:200]


def read_candidate(record: Record, columns: Sequence[str], region: str) -> Candidate:
    """The person of the row. A mistake in one cell is the whole row's: half of a person helps nobody."""
    try:
        if record.mistake:
            raise _MistakeError(record.mistake)
        if any(cell.strip() for cell in record.cells[len(columns) :]):
            raise _MistakeError(f"The row has {len(record.cells)} cells, the header {len(columns)}.")
        return _read(record, columns, region)
    except _MistakeError as mistake:
        return Candidate(number=record.number, fields={"name": _first_words(record.cells)}, mistake=str(mistake)[:400])


class _MistakeError(ValueError):
    """What is wrong with the row, as a sentence."""


def _read(record: Record, columns: Sequence[str], region: str) -> Candidate:
    said: dict[Column, list[str]] = {}
    for name, cell in zip(columns, record.cells, strict=False):
        column = Column(name)
        if column != Column.IGNORED and cell.strip():
            said.setdefault(column, []).append(_cell(column, cell))
    addresses: dict[tuple[IdentityKind, str], str] = {}
    for column, kind in _KINDS.items():
        for written in said.get(column, []):
            addresses.setdefault((kind, _normal(kind, written, region)), written)
    if not addresses:
        raise _MistakeError("The row has no e-mail address, phone number or account number to know the person by.")
    return Candidate(
        number=record.number,
        addresses=[(kind, value, written) for (kind, value), written in addresses.items()],
        fields=_fields(said),
        organisation=said.get(Column.ORGANISATION, [""])[0],
    )


def _cell(column: Column, cell: str) -> str:
    label = column.label
    if _CONTROL.search(cell):
        raise _MistakeError(f"{label} has characters that no text has; the file may be in another encoding.")
    text = cell.strip() if column == Column.REMARKS else " ".join(cell.split())
    if _FORMULA.match(text) and not (column == Column.PHONE and _NUMBER.fullmatch(text)):
        raise _MistakeError(f"{label} looks like a formula: {text[:40]}")
    if len(text) > LONGEST[column]:
        raise _MistakeError(f"{label} has {len(text)} characters; {LONGEST[column]} fit.")
    return text


def _normal(kind: IdentityKind, written: str, region: str) -> str:
    try:
        return normalise(kind, written, region or None)
    except AddressUnusable as error:
        raise _MistakeError(str(error)) from error


def _fields(said: dict[Column, list[str]]) -> dict[str, str]:
    given, family = (said.get(column, [""])[0] for column in (Column.GIVEN_NAME, Column.FAMILY_NAME))
    fields = {
        "name": said.get(Column.NAME, [""])[0] or f"{given} {family}".strip(),
        "given_name": given,
        "language": said.get(Column.LANGUAGE, [""])[0].replace("_", "-").lower(),
        "time_zone": said.get(Column.TIME_ZONE, [""])[0],
        "remarks": said.get(Column.REMARKS, [""])[0],
    }
    if fields["language"] and not _LANGUAGE.fullmatch(fields["language"]):
        raise _MistakeError(f"{fields['language']} is not a language code such as sv.")
    if fields["time_zone"] and fields["time_zone"] not in available_timezones():
        raise _MistakeError(f"{fields['time_zone']} is not a time zone such as Europe/Stockholm.")
    return {name: value for name, value in fields.items() if value}


def _first_words(cells: Sequence[str]) -> str:
    first = next((cell for cell in cells if cell.strip()), "")
    return _CONTROL.sub("", " ".join(first.split()))[:60]
