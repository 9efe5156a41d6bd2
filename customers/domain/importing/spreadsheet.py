"""A file as rows of cells: which encoding, which separator, read row by row so that no file is ever whole in memory."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from customers.errors import UnreadableList

DELIMITERS = ";,\t|"
ENCODINGS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}
MOST_COLUMNS = 100
PORTION = 256 * 1024
SAMPLE = 20  # rows


@dataclass(frozen=True)
class Layout:
    """How a file is to be read. `encoding` is one of ENCODINGS, `delimiter` one of DELIMITERS."""

    encoding: str
    delimiter: str


@dataclass(frozen=True)
class Record:
    """One row as a spreadsheet numbers it. `mistake` says why its cells cannot be told apart, '' where they can."""

    number: int
    cells: list[str]
    mistake: str = ""


def find_layout(file: BinaryIO) -> Layout:
    """How the file wants to be read. Raises UnreadableList for an empty file and for one that is no text."""
    encoding = _find_encoding(file)
    file.seek(0)
    head = _text(file, encoding).read(PORTION)
    if not head.strip():
        raise UnreadableList("The file is empty.")
    if head.count("\x00") > len(head) // 10 or head.startswith(("PK\x03\x04", "%PDF")):
        raise UnreadableList("This is no text. Save the spreadsheet as CSV first.")
    return Layout(encoding, _find_delimiter(head))


def read_records(file: BinaryIO, layout: Layout) -> Iterator[Record]:
    """The header as record 1, then every row that is not blank. What cannot be read is a record with its mistake."""
    file.seek(0)
    rows = csv.reader(_text(file, layout.encoding), delimiter=layout.delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(number, [], f"The row cannot be read: {error}.")
            continue
        if any(cell.strip() for cell in cells):
            yield Record(number, cells)


def read_header(file: BinaryIO, layout: Layout) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the first rows below them. Raises UnreadableList where there are none."""
    records = read_records(file, layout)
    first = next(records, None)
    if first is None or first.mistake:
        raise UnreadableList("The first row has to name the columns.")
    if len(first.cells) > MOST_COLUMNS:
        raise UnreadableList(f"The file has {len(first.cells)} columns; {MOST_COLUMNS} fit.")
    sample = [record.cells for record, _ in zip(records, range(SAMPLE), strict=False) if not record.mistake]
    return [" ".join(cell.replace("\x00", "").split())[:200] for cell in first.cells], sample


def _text(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """The file as text; closing it is the caller's, so the wrapper must not do it."""
    return io.TextIOWrapper(io.BufferedReader(_Kept(file)), encoding=encoding, errors="replace", newline="")


class _Kept(io.RawIOBase):
    """Reads from a file that somebody else closes."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        portion = self.file.read(len(view))
        view[: len(portion)] = portion
        return len(portion)


def _find_encoding(file: BinaryIO) -> str:
    """UTF-16 by its mark or its NULs, UTF-8 where all of it is, else the code page that spreadsheets write."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = max(1, len(head) // 2)
    if head[1::2].count(0) > pairs * 0.6:
        return "utf-16-le"
    if head[::2].count(0) > pairs * 0.6:
        return "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while portion := file.read(PORTION):
            decoder.decode(portion)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _find_delimiter(head: str) -> str:
    """The separator that cuts the first rows into most columns, the same number in each."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            rows = [
                row for row, _ in zip(csv.reader(io.StringIO(head), delimiter=delimiter), range(SAMPLE), strict=False)
            ]
        except csv.Error:
            return 0, 0
        widths = [len(row) for row in rows if row]
        alike = sum(width == widths[0] for width in widths) if widths else 0
        return (alike if widths and widths[0] > 1 else 0), (widths[0] if widths else 0)

    return max(DELIMITERS, key=score)
