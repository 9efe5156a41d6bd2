"""What follows DATA in an SMTP conversation (RFC 5321 4.1.1.4 and 4.5.2), however its lines are long or ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

END_OF_LINE = b"\r\n"


async def read_mail_data(reader: asyncio.StreamReader, *, most: int, heard: Callable[[], None]) -> tuple[bytes, int]:
    """The mail without its end and its doubled dots, and its size in bytes as it was sent; no mail (b"") over `most`.

    Only a dot between two CRLF ends it. A bare line feed ends nothing, or a letter's text could smuggle in commands;
    so a mail written with bare line feeds is one line of any length. It is read in pieces of the reader's limit, and
    what is too much is read to its end but not kept. `heard` is called for each piece.
    """
    kept, size, at_start = bytearray(), 0, True
    while True:
        try:
            piece = await reader.readuntil(END_OF_LINE)
        except asyncio.LimitOverrunError as longer:
            piece = await reader.read(longer.consumed)
        heard()
        if at_start and piece == b"." + END_OF_LINE:
            return bytes(kept), size
        size += len(piece)
        kept += piece[1:] if at_start and piece.startswith(b".") else piece
        at_start = piece.endswith(END_OF_LINE)
        if size > most:
            kept.clear()
