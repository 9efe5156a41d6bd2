"""A file as rows of cells: which encoding, which separator, read row by row so that no file is ever whole in memory."""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from customers.domain.importing.encoding import DAMAGED, ENCODINGS, find_encoding
from customers.domain.importing.lines import LONGEST_LINE, Lines, LineTooLong, text_of
from customers.errors import UnreadableList

DELIMITERS = ";,\t|"
MOST_COLUMNS = 100
MOST_LINES = 100  # that one row may have
PORTION = 256 * 1024
SAMPLE = 20  # rows
BEGINNING = "0:0:0"
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass(frozen=True)
class Layout:
    """How a file is to be read. `encoding` is one of ENCODINGS, `delimiter` one of DELIMITERS."""

    encoding: str
    delimiter: str


@dataclass(frozen=True)
class Record:
    """One row as a spreadsheet numbers it. `mistake` says why it cannot be taken as it stands, '' where it can; where
    its cells cannot even be told apart, there are none.
    """

    number: int
    cells: list[str]
    mistake: str = ""


def find_layout(file: BinaryIO, encoding: str = "") -> Layout:
    """How the file wants to be read, in `encoding` where somebody has chosen one.

    Raises UnreadableList for an empty file and for one that is no text.
    """
    encoding = encoding or find_encoding(file)
    try:
        head = text_of(file, encoding).read(PORTION)
    except UnicodeError as error:  # UTF-16 without the mark that says which of both
        raise UnreadableList(f"The file cannot be read as {ENCODINGS.get(encoding, encoding)}.") from error
    if not head.strip("\ufeff \t\r\n"):
        raise UnreadableList("The file is empty.")
    if len(_NO_TEXT.findall(head)) + head.count(DAMAGED) > len(head) // 10 or head.startswith(("PK\x03\x04", "%PDF")):
        raise UnreadableList("This is no text. Save the spreadsheet as CSV first, or choose another charset.")
    return Layout(encoding, _find_delimiter(head))


class _QuoteError(ValueError):
    """A quote is open where its row should have ended."""


class Records:
    """The header as record 1, then every row that is not blank. What cannot be read is a record with its mistake.

    A quote that is never closed costs its own row alone: reading goes on in the line after the one where it begins.
    `place` says where the next record begins; another reader of the same file, begun there, goes on with it.
    """

    def __init__(self, file: BinaryIO, layout: Layout, place: str = BEGINNING) -> None:
        cookie, number, line = map(int, place.split(":")) if place.count(":") == 2 else (*map(int, place.split(":")), 0)
        self._layout = layout
        self._lines = Lines(file, layout.encoding)
        self._lines.go((cookie, line or number))  # places of before had no line, which most often is the number
        self._rows = csv.reader(iter(self._line, ""), delimiter=layout.delimiter)
        self._number = number
        self._read: list[str] = []  # the lines of this row
        self._second = (0, 0)  # where the second of them begins

    @property
    def place(self) -> str:
        cookie, line = self._lines.place
        return f"{cookie}:{self._number}:{line}"

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        while True:
            self._number += 1
            self._read = []
            try:
                cells = next(self._rows)
            except LineTooLong as error:
                return Record(self._number, [], str(error))
            except _QuoteError as error:
                return self._without_quote(self._read, f"the quote that begins here is not closed {error}.")
            except csv.Error as error:
                return self._without_quote(self._read[:-1], f"the row cannot be read: {error}.")
            if len(self._read) > 1 and (end := self._closed_within_a_cell()) is not None:
                return self._without_quote(self._read[:end], "the quote that begins here is closed within a cell.")
            if any(cell.strip() for cell in cells):
                return Record(self._number, cells, self._damage(cells))

    def _line(self) -> str:
        """The next line for the reader, who asks for a second one only while a quote is open."""
        within = bool(self._read)
        if len(self._read) == 1:
            self._second = self._lines.place
        if len(self._read) == MOST_LINES or sum(map(len, self._read)) > LONGEST_LINE:
            raise _QuoteError(f"within {len(self._read)} lines")
        try:
            line = self._lines.read()
        except LineTooLong:
            if within:
                raise _QuoteError("before a line that is too long") from None
            raise
        if within and not line:
            raise _QuoteError("before the end of the file")
        self._read.append(line)
        return line

    def _without_quote(self, lines: Sequence[str], why: str) -> Record:
        """The row as a mistake of the line in which the cell begins that is open behind `lines`; goes on after it."""
        first = self._lines.number - len(self._read) + 1
        begins = 0
        if len(self._read) > 1:
            begins = bisect_left(range(len(lines)), self._width(lines), key=lambda end: self._width(lines[: end + 1]))
            first = self._second[1]
            self._lines.go(self._second)
            for _ in range(begins):
                self._lines.read()
        return Record(self._number, [], f"Line {first + begins}: {why}")

    def _width(self, lines: Sequence[str]) -> int:
        return len(next(csv.reader(iter(lines), delimiter=self._layout.delimiter), []))

    def _closed_within_a_cell(self) -> int | None:
        """Which line of the row closes a quote with more text behind it, as a later one does for one never closed.

        Within one line that is a matter of taste, and read as it was meant.
        """
        strict = csv.reader(iter(self._read), delimiter=self._layout.delimiter, strict=True)
        try:
            next(strict)
        except csv.Error:
            return strict.line_num - 1
        return None

    def _damage(self, cells: Sequence[str]) -> str:
        """Which letter of the row cannot be read in the charset that the file is read in."""
        place = next((place for place, line in enumerate(self._read) if DAMAGED in line), None)
        if place is None:
            return ""
        line = self._lines.number - len(self._read) + 1 + place
        column, cell = next(((n, cell) for n, cell in enumerate(cells, 1) if DAMAGED in cell), (1, ""))
        at = cell.find(DAMAGED)
        words = " ".join(cell[max(0, at - 20) : at + 20].split())
        charset = ENCODINGS.get(self._layout.encoding, self._layout.encoding)
        return f"Line {line}, column {column}: “{words}” has a letter that cannot be read as {charset}."


def read_header(file: BinaryIO, layout: Layout) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the first rows below them. Raises UnreadableList where there are none."""
    records = Records(file, layout)
    first = next(records, None)
    if first is None or not first.cells:
        raise UnreadableList(first.mistake if first else "The first row has to name the columns.")
    if len(first.cells) > MOST_COLUMNS:
        raise UnreadableList(f"The file has {len(first.cells)} columns; {MOST_COLUMNS} fit.")
    sample = [record.cells for record, _ in zip(records, range(SAMPLE), strict=False) if record.cells]
    return [" ".join(cell.replace("\x00", "").split())[:200] for cell in first.cells], sample


def _find_delimiter(head: str) -> str:
    """The separator that cuts the first rows into most columns, the same number in each."""

    def score(delimiter: str) -> tuple[int, int]:
        rows: list[list[str]] = []
        try:
            for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
                rows.append(row)
                if len(rows) == SAMPLE:
                    break
        except csv.Error:
            pass  # the rows before count
        widths = [len(row) for row in rows if row]
        alike = sum(width == widths[0] for width in widths) if widths else 0
        return (alike if widths and widths[0] > 1 else 0), (widths[0] if widths else 0)

    return max(DELIMITERS, key=score)
