"""Files in the containers of other mailers, and what their first bytes say."""

import base64
import struct

import pytest

from channels_email.domain.attachments import safe_name, sniff
from channels_email.domain.parse import parse


def tnef(*attributes: tuple[int, int, bytes]) -> bytes:
    """A container of attributes (level, name, value) as [MS-OXTNEF] lays them out."""
    content = struct.pack("<IH", 0x223E9F78, 1)
    for level, name, value in attributes:
        content += struct.pack("<BII", level, name, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
    return content


def with_winmail(content: bytes):
    return parse(
        b"From: carla@mail.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\n\nSee the file.\n"
        b"--b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(content)
        + b"--b--\n"
    )


def test_the_files_of_an_outlook_container_come_out() -> None:
    got = with_winmail(
        tnef((2, 0x00069002, bytes(14)), (2, 0x00018010, b"bill.pdf\x00"), (2, 0x0006800F, b"%PDF-1.7 bill"))
    )
    assert got.text == "See the file."
    assert [(one.filename, one.content_type, one.content) for one in got.attachments] == [
        ("bill.pdf", "application/pdf", b"%PDF-1.7 bill")
    ]


@pytest.mark.parametrize("content", [b"", b"\x78\x9f\x3e\x22", b"\x78\x9f\x3e\x22" + b"\xff" * 200, b"no container"])
def test_a_damaged_container_stays_a_file(content: bytes) -> None:
    got = with_winmail(content)
    assert got.text == "See the file."
    assert [one.content for one in got.attachments] == [content]


def test_a_program_that_calls_itself_a_picture_is_seen_through() -> None:
    got = parse(
        b"From: carla@mail.example\nContent-Type: image/png; name=cat.png\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(b"MZ\x90\x00" + bytes(60))
    )
    assert [(one.content_type, one.sniffed_type) for one in got.attachments] == [
        ("image/png", "application/x-msdownload")
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        (b"  <!DOCTYPE html><html>", "text/html"),
        (b'<svg xmlns="x">', "image/svg+xml"),
        (b"plain words", ""),
        (b"", ""),
    ],
)
def test_the_first_bytes_tell_the_type(content: bytes, expected: str) -> None:
    assert sniff(content) == expected


def test_a_safe_name_is_safe_again() -> None:
    for name in ("../a/b.txt", "a\u202eb.exe", "\x00", "con/..", "ü" * 300 + ".pdf", " . ", "a" * 500):
        once = safe_name(name)
        assert safe_name(once) == once
        assert len(once) <= 180
        assert not set(once) & set('/\\\x00<>:"|?*')
