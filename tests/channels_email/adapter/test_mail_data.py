from __future__ import annotations

import asyncio

import pytest

from channels_email.adapter.mail_data import read_mail_data

LIMIT = 16  # bytes the reader holds: lines here are longer and end on both sides of it


def read(*sent: bytes, most: int = 10_000) -> tuple[bytes, int, bytes, int]:
    """Of what was sent bit by bit: the mail, its size, what is left for the next command, how often one heard."""
    heard = 0

    def hear() -> None:
        nonlocal heard
        heard += 1

    async def send(reader: asyncio.StreamReader) -> None:
        for bit in sent:
            reader.feed_data(bit)
            await asyncio.sleep(0)
        reader.feed_eof()

    async def reading() -> tuple[bytes, int, bytes]:
        reader = asyncio.StreamReader(limit=LIMIT)
        sending = asyncio.create_task(send(reader))
        mail, size = await read_mail_data(reader, most=most, heard=hear)
        await sending
        return mail, size, await reader.read()

    return (*asyncio.run(reading()), heard)


@pytest.mark.parametrize("start", [b"", b".", b"..", b"\n.\n", b"\r"])
def test_lines_of_any_length_come_through_and_what_follows_is_left(start):
    for length in range(LIMIT * 2 + 4):
        line = start + b"x" * length
        doubled = b"." + line if line.startswith(b".") else line

        mail, size, left, _ = read(doubled + b"\r\n" + b"end\r\n.\r\nQUIT\r\n")

        assert mail == line + b"\r\nend\r\n"
        assert size == len(doubled) + len(b"\r\nend\r\n")
        assert left == b"QUIT\r\n"


def test_what_is_too_much_is_read_to_its_end_and_not_kept():
    mail, size, left, _ = read(b"x" * 5_000 + b"\r\n.\r\nQUIT\r\n", most=4_000)

    assert (mail, size, left) == (b"", 5_002, b"QUIT\r\n")


def test_a_slow_mail_is_not_taken_for_silence():
    *_, heard = read(*[b"x" * (LIMIT + 4)] * 50, b"\r\n.\r\n")

    assert heard > 40


def test_an_empty_mail_is_empty():
    assert read(b".\r\nQUIT\r\n")[:3] == (b"", 0, b"QUIT\r\n")
