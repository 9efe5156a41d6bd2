"""A photo such as customers attach: a small PNG, drawn here."""

from __future__ import annotations

import random
import struct
import zlib

from simulator.mail.draft import File

WIDTH, HEIGHT = 320, 240


def photo(rng: random.Random) -> File:
    """A board in a wood's colour with a dark crack across it."""
    base = [rng.randrange(120, 215), rng.randrange(90, 160), rng.randrange(50, 110)]
    crack = rng.randrange(60, 260)
    rows = []
    for _ in range(HEIGHT):
        crack = min(WIDTH - 4, max(4, crack + rng.randrange(-2, 3)))
        grain = rng.randrange(-14, 15)
        row = bytearray(bytes(max(0, min(255, part + grain)) for part in base) * WIDTH)
        row[crack * 3 : crack * 3 + 9] = bytes(9)
        rows.append(b"\0" + bytes(row))
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"".join(rows), 6)),
            (b"IEND", b""),
        )
    )
    return File(f"IMG_{rng.randrange(1000, 9999)}.png", "image/png", content)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
