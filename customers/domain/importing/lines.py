"""A file as lines of text: none of them ever longer in memory than a row of people may be."""

from __future__ import annotations

import io
from typing import BinaryIO

LONGEST_LINE = 1_000_000  # characters


class LineTooLong(ValueError):
    """The line has more than LONGEST_LINE characters; the next one can be read."""


class Lines:
    """Reads one line after the other. `number` is that of the line read last, 0 before the first.

    `place` is where the next line begins, for `go`, also of another reader of the same file.
    """

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._text = text_of(file, encoding)
        self.number = 0

    @property
    def place(self) -> tuple[int, int]:
        return self._text.tell(), self.number

    def go(self, place: tuple[int, int]) -> None:
        cookie, self.number = place
        self._text.seek(cookie)

    def read(self) -> str:
        """The next line with its end, '' behind the last. Raises LineTooLong."""
        line = self._text.readline(LONGEST_LINE)
        if not line:
            return ""
        self.number += 1
        if self.number == 1:  # one mark of a byte order the charset takes; some programs write another before it
            line = line.lstrip("\ufeff")
        if len(line) < LONGEST_LINE or line[-1] in "\r\n":
            return line
        while (more := self._text.readline(LONGEST_LINE)) and more[-1] not in "\r\n":
            pass
        raise LineTooLong(f"Line {self.number} has more than {LONGEST_LINE:,} characters.")


def text_of(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """The file as text from its beginning; closing it is the caller's, so the wrapper must not do it."""
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
