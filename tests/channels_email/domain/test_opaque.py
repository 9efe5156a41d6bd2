"""Mails whose words are packed into an S/MIME signature."""

import base64

import pytest

from channels_email.domain.opaque import signed_content
from channels_email.domain.parse import parse

SIGNED, DATA, ENVELOPED = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x07" + bytes((last,)) for last in (2, 1, 3))
INNER = b"Content-Type: text/plain; charset=utf-8\r\n\r\nWhere is my lamp?\r\n"


def der(tag: int, *pieces: bytes, unknown_length: bool = False) -> bytes:
    content = b"".join(pieces)
    if unknown_length:
        return bytes((tag, 0x80)) + content + b"\0\0"
    size = len(content).to_bytes(4, "big")
    return bytes((tag, 0x84)) + size + content


def container(content: bytes, *, kind: bytes = SIGNED, **options: bool) -> bytes:
    info = der(0x30, der(0x06, DATA), der(0xA0, content, **options), **options)
    signed = der(0x30, der(0x02, b"\1"), der(0x31), info, der(0x31), **options)
    return der(0x30, der(0x06, kind), der(0xA0, signed, **options), **options)


def mail(packed: bytes) -> bytes:
    head = (
        b"From: carla@mail.example\nSubject: Lamp\nContent-Type: application/pkcs7-mime; smime-type=signed-data; "
        b"name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
    )
    return head + base64.encodebytes(packed)


@pytest.mark.parametrize(
    "packed",
    [
        container(der(0x04, INNER)),
        container(der(0x24, der(0x04, INNER[:20]), der(0x04, INNER[20:]))),
        container(der(0x24, der(0x04, INNER[:9]), der(0x04, INNER[9:]), unknown_length=True), unknown_length=True),
    ],
)
def test_the_words_within_a_signature_are_read_and_the_container_is_kept(packed: bytes) -> None:
    got = parse(mail(packed))
    assert (got.text, got.reply_text) == ("Where is my lamp?", "Where is my lamp?")
    assert [(one.filename, one.content) for one in got.attachments] == [("smime.p7m", packed)]


@pytest.mark.parametrize(
    "packed",
    [
        container(der(0x04, INNER), kind=ENVELOPED),
        container(der(0x04, INNER))[:40],
        b"",
        b"\x30\x80" * 5_000,
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\xff" + b"\xff" * 100,
        bytes(range(256)),
    ],
    ids=range(7),
)
def test_what_is_encrypted_or_damaged_stays_a_file(packed: bytes) -> None:
    assert signed_content(packed) is None
    got = parse(mail(packed))
    assert got.text == ""
    assert [one.filename for one in got.attachments] == ["smime.p7m"]
