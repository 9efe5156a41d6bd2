"""Mail whose only words are the RTF in an Outlook container: compressed, made from HTML, from text, or RTF itself."""

import base64
import struct

import pytest

from channels_email.domain.parse import parse
from channels_email.domain.rtf_compressed import LARGEST, decompress
from channels_email.domain.rtf_text import read_rtf

# The example of [MS-OXRTFCP] section 4.1.
PUBLISHED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
FROM_HTML = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fswiss\fcharset204 Arial;}}"
    rb"{\colortbl\red0\green0\blue0;}\uc1\pard\plain\deftab360 \f0\fs24 {\*\htmltag19 <html>}{\*\htmltag50 <body>}"
    rb"{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Dear shop, the box cost 5 {\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0  10 \'80."
    rb"\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}\par {\*\htmltag64 <p>}\f1 \'ef\'f0\'e8\'e2\'e5\'f2\f0  \u9731?"
    rb"{\*\htmltag72 </p>}{\*\mhtmltag84 <a href=evil>}{\*\htmltag58 </body></html>}}"
)
FROM_TEXT = (
    rb"{\rtf1\ansi\ansicpg1252\fromtext \deff0{\fonttbl{\f0\fmodern Courier;}}\uc1\pard\plain\f0 Hello,\par "
    rb"\par my order \{12\} is late.\tab Gr\'fc\'dfe\par Carla}"
)


def stored(rtf: bytes) -> bytes:
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def literal(rtf: bytes) -> bytes:
    """Compressed without any reference to what stood before, ended as the format asks."""
    out = bytearray()
    for at in range(0, len(rtf), 8):
        out += b"\0" + rtf[at : at + 8]
    end = (207 + len(rtf)) % 4096
    body = bytes(out) if len(rtf) % 8 == 0 else bytes(out[: -(len(rtf) % 8) - 1])
    rest = rtf[len(rtf) - len(rtf) % 8 :]
    body += bytes([1 << len(rest)]) + rest + struct.pack(">H", end << 4)
    return struct.pack("<II4sI", len(body) + 12, len(rtf), b"LZFu", 0) + body


def winmail(rich: bytes) -> bytes:
    """A container with one property: PidTagRtfCompressed, a single binary value, padded to four bytes."""
    padded = rich + bytes(-len(rich) % 4)
    value = struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(rich)) + padded
    head = struct.pack("<IH", 0x223E9F78, 1)
    return head + struct.pack("<BII", 1, 0x00069003, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def mail_with(rich: bytes):
    return parse(
        b"From: carla@mail.example\nSubject: My order\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(winmail(rich))
        + b"--b--\n"
    )


def test_the_published_example_is_decompressed() -> None:
    assert decompress(PUBLISHED) == (b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n", True)


def test_the_published_example_in_a_container_is_the_text_of_the_mail() -> None:
    got = mail_with(PUBLISHED)
    assert got.text.strip() == "hello world"
    assert got.reply_text == "hello world"
    assert not [one for one in got.attachments if one.filename == "winmail.dat"]


@pytest.mark.parametrize("packed", [stored, literal])
def test_html_wrapped_in_rtf_comes_out_as_html(packed) -> None:
    got = mail_with(packed(FROM_HTML))
    assert "<p>Dear shop, the box cost 5 &lt; 10 €.</p>" in got.html
    assert got.text.splitlines()[0] == "Dear shop, the box cost 5 < 10 €."
    assert "привет ☃" in got.text
    assert "evil" not in got.html
    assert "Arial" not in got.text


@pytest.mark.parametrize("packed", [stored, literal])
def test_text_wrapped_in_rtf_comes_out_line_by_line(packed) -> None:
    got = mail_with(packed(FROM_TEXT))
    assert got.text == "Hello,\n\nmy order {12} is late.\tGrüße\nCarla"
    assert got.html == ""


def test_rtf_of_its_own_gives_its_words_without_pictures_and_links_behind_words() -> None:
    text, html, complete = read_rtf(
        rb"{\rtf1\ansi{\pict\pngblip 89504e47}{\field{\*\fldinst HYPERLINK 'http://x.example'}"
        rb"{\fldrslt the page}}\par "
        rb"\u-10179?\u-8694? {\f0\b bold}\bin3 }{} end}"
    )
    assert (text.strip(), html, complete) == ("the page\n😊 bold end", "", True)


def test_a_damaged_text_is_read_as_far_as_it_goes_and_the_container_stays() -> None:
    got = mail_with(literal(FROM_TEXT)[:-30])
    assert got.text.startswith("Hello,\n\nmy order {12}")
    assert [one.filename for one in got.attachments] == ["winmail.dat"]
    assert any("Outlook container" in defect for defect in got.defects)


@pytest.mark.parametrize("rtf", [b"{" * 300_000, b"\\b" * 3_000_000, b"{\\rtf1 " + b"\\'41" * 2_000_000, b"\\"])
def test_endless_rtf_is_cut_and_ends(rtf: bytes) -> None:
    text, _, complete = read_rtf(rtf)
    assert complete == (len(rtf) < 10)
    assert len(text) <= 400_000


def test_a_bomb_of_references_does_not_grow_beyond_its_limit() -> None:
    needed = LARGEST // 17 + 100
    longest = [struct.pack(">H", ((206 + 17 * at) % 4096) << 4 | 15) for at in range(needed)]  # each: repeat the last
    portions = [b"\xff" + b"".join(longest[at : at + 8]) for at in range(0, needed, 8)]
    bomb = struct.pack("<II4sI", 0, 0, b"LZFu", 0) + b"".join(portions)
    got, complete = decompress(bomb)
    assert len(got) == LARGEST
    assert not complete
