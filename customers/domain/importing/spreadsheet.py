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
BEGINNING = "0:0"


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
    head = _text(file, encoding).read(PORTION)
    if not head.strip():
        raise UnreadableList("The file is empty.")
    if head.count("\x00") > len(head) // 10 or head.startswith(("PK\x03\x04", "%PDF")):
        raise UnreadableList("This is no text. Save the spreadsheet as CSV first.")
    return Layout(encoding, _find_delimiter(head))


class Records:
    """The header as record 1, then every row that is not blank. What cannot be read is a record with its mistake.

    `place` says where the next record begins; another reader of the same file, begun there, goes on with it.
    """

    def __init__(self, file: BinaryIO, layout: Layout, place: str = BEGINNING) -> None:
        cookie, _, number = place.partition(":")
        self._text = _text(file, layout.encoding)
        self._text.seek(int(cookie))
        # By readline, because a text that is iterated does not tell where it is. The reader never looks ahead.
        self._rows = csv.reader(iter(self._text.readline, ""), delimiter=layout.delimiter)
        self._number = int(number)

    @property
    def place(self) -> str:
        return f"{self._text.tell()}:{self._number}"

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        while True:
            self._number += 1
            try:
                cells = next(self._rows)
            except csv.Error as error:
                return Record(self._number, [], f"The row cannot be read: {error}.")
            if any(cell.strip() for cell in cells):
                return Record(self._number, cells)


def read_header(file: BinaryIO, layout: Layout) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the first rows below them. Raises UnreadableList where there are none."""
    records = Records(file, layout)
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
    """Reads from a file that somebody else closes, from its beginning."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        file.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

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
