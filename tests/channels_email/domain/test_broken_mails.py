"""Mails that follow no standard: charsets undeclared or wrong, names and subjects encoded in every wrong way, files and
texts in odd containers.
"""

import base64
import binascii
import random
from pathlib import Path

import pytest
import yaml

from channels_email.domain.parse import parse
from channels_email.domain.parsed import ParsedEmail
from channels_email.errors import Unreadable
from foundation.charset_guess import guess

SAMPLES = Path(__file__).parents[2] / "samples/email"
HEAD = b"From: Carla Lima <c@mail.example>\nTo: s@shop.example\nSubject: x\nMessage-ID: <a@b>\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
SEE = b"Content-Type: text/plain; charset=utf-8\n\nSee file."
SILENT = {"hz", "cp1250", "iso8859_2", "cp1252", "cp1254", "cp1257"}  # nothing in their bytes contradicts Latin-1


def sample(name: str) -> dict:
    return yaml.safe_load((SAMPLES / f"{name}.yaml").read_text("utf-8"))


def flat(text: str) -> str:
    return " ".join(text.split())


def mixed(*parts: bytes, kind: str = "mixed") -> bytes:
    body = b"".join(b"--bb\n" + part + b"\n" for part in parts)
    return HEAD + f'MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="bb"\n\n'.encode() + body + b"--bb--\n"


def png(content_type: str = "image/png; name=a.png", disposition: str = "attachment; filename=a.png") -> bytes:
    head = f"Content-Type: {content_type}\nContent-Disposition: {disposition}\nContent-Transfer-Encoding: base64\n\n"
    return head.encode("latin-1") + base64.encodebytes(PNG)


def names(mail: ParsedEmail) -> list[str]:
    return [one.filename for one in mail.attachments]


@pytest.mark.parametrize("declared", [None, "us-ascii", "iso-8859-1", "utf-8", "x-unknown"])
def test_a_text_is_read_in_its_charset_whatever_is_declared(declared: str | None) -> None:
    wrong = {}
    field = f"Content-Type: text/plain; charset={declared}\n".encode() if declared else b""
    for language, case in sample("charsets").items():
        for charset in case["charsets"]:
            if declared == "iso-8859-1" and charset in SILENT:
                continue
            got = parse(HEAD + field + b"\n" + case["text"].encode(charset) + b"\n").text
            if got != case["text"]:
                wrong[language, charset] = got
    assert wrong == {}


def test_a_raw_subject_is_read_in_its_charset() -> None:
    wrong = {}
    for language, case in sample("charsets").items():
        for charset in case["charsets"]:
            raw = HEAD.replace(b"Subject: x", b"Subject: " + case["text"].encode(charset))
            if (got := parse(raw + b"\nhello\n").subject) != case["text"]:
                wrong[language, charset] = got
    assert wrong == {}


def test_what_fits_no_charset_is_replaced_and_said() -> None:
    got = parse(HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + "Grüße, ".encode() * 30 + b"\xc3 end\n")
    assert got.text.startswith("Grüße, Grüße")
    assert any("utf-8" in defect for defect in got.defects)
    assert guess(b"")[0] == ""


@pytest.mark.parametrize(("label", "codec"), [
    ("GB2312", "gb18030"), ("ks_c_5601-1987", "cp949"), ("x-sjis", "cp932"), ("cp-850", "cp850"),
    ("win-1251", "cp1251"), ("windows1251", "cp1251"), ("ibm850", "cp850"), ('"utf-8"', "utf-8"),
    ("UTF-8;", "utf-8"), ("charset=utf-8", "utf-8"),
    ("iso-8859-8-i", "cp1255"), ("unicode-1-1-utf-7", "utf-7"), ("utf-16", "utf-16"), ("hz-gb-2312", "hz"),
])  # fmt: skip
def test_charsets_go_by_many_names(label: str, codec: str) -> None:
    text = {
        "gb18030": "订单",
        "hz": "订单",
        "cp949": "주문",
        "cp932": "注文",
        "cp1251": "Заказ",
        "cp1255": "הזמנה",
    }.get(codec, "Grüße")
    head = f"Content-Type: text/plain; charset={label}\nContent-Transfer-Encoding: base64\n\n".encode()
    assert parse(HEAD + head + base64.encodebytes(text.encode(codec))).text == text


def test_subjects_however_they_are_encoded() -> None:
    wrong = {}
    for name, case in sample("headers")["subjects"].items():
        raw = HEAD.replace(b"Subject: x", b"Subject: " + case["raw"].encode("latin-1")) + b"\nhi\n"
        if (got := parse(raw).subject) != case["subject"]:
            wrong[name] = got
    assert wrong == {}


def test_senders_however_they_are_written() -> None:
    wrong = {}
    for name, case in sample("headers")["senders"].items():
        raw = HEAD.replace(b"Carla Lima <c@mail.example>", case["raw"].encode("latin-1"), 1) + b"\nhi\n"
        if (got := [[box.name, box.address] for box in parse(raw).authors]) != case["boxes"]:
            wrong[name] = got
    assert wrong == {}


def test_file_names_however_they_are_written() -> None:
    wrong = {}
    for name, case in sample("headers")["file_names"].items():
        got = parse(mixed(SEE, png(case["type"], case["disposition"])))
        if (names(got), got.text) != ([case["name"]], "See file."):
            wrong[name] = names(got)
    assert wrong == {}


@pytest.mark.parametrize("damage", [
    lambda raw: raw[:-8], lambda raw: raw.replace(b"--bb\n", b"--bb  \n"),
    lambda raw: raw.replace(b'; boundary="bb"', b""),
    lambda raw: raw.replace(b'boundary="bb"', b'boundary="cc"'), lambda raw: raw.replace(b"\n", b"\r"),
    lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: raw.replace(b"\n", b"\r\n", 5),
    lambda raw: raw.replace(b"\n", b"\r\r\n"), lambda raw: b"\xef\xbb\xbf" + raw, lambda raw: b"\r\n\r\n" + raw,
    lambda raw: b"From c@mail.example Tue May 12 09:14:27 2026\n" + raw, lambda raw: raw + b"epilogue\n",
])  # fmt: skip
def test_parts_are_found_in_spite_of_damage(damage) -> None:
    got = parse(damage(mixed(SEE, png())))
    assert (got.text, names(got)) == ("See file.", ["a.png"])


def test_files_within_the_text_leave_it() -> None:
    uu = b"begin 644 a.txt\n" + binascii.b2a_uu(b"hello lamp") + b"`\nend\n"
    yenc = (
        b"=ybegin line=128 size=10 name=b.bin\n"
        + bytes((sign + 42) & 255 for sign in b"hello lamp")
        + b"\n=yend size=10\n"
    )
    got = parse(HEAD + b"\nSee:\n" + uu + b"and\n" + yenc + b"bye\n")
    assert flat(got.text) == "See: and bye"
    assert [(one.filename, one.content) for one in got.attachments] == [
        ("a.txt", b"hello lamp"),
        ("b.bin", b"hello lamp"),
    ]


def test_a_lists_footer_below_base64_stays_readable() -> None:
    head = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    got = parse(HEAD + head + base64.encodebytes("Grüße aus Köln".encode()) + b"\n--\nThe list, with its footer\n")
    assert got.text == "Grüße aus Köln\n\n--\nThe list, with its footer"
    assert got.reply_text == "Grüße aus Köln"


def test_clear_signed_words_are_kept_without_armour() -> None:
    signed = (
        b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello,\n- - one lamp\n"
        b"-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n"
    )
    got = parse(HEAD + b"\n" + signed)
    assert got.reply_text == "Hello,\n- one lamp"
    assert "BEGIN PGP SIGNATURE" in got.text


def test_an_invitation_is_told_where_the_mail_says_nothing_else() -> None:
    event = (
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Lamp repair\r\n"
        b'DTSTART;TZID="Europe/Berlin":20260512T091400\r\nDTEND:20260512T081400Z\r\n'
        b"LOCATION:Storgatan 5\\, Stock\r\n holm\r\n"
        b"ORGANIZER;CN=Ben Carter:mailto:ben@x.example\r\nDESCRIPTION:Be at home.\\nThank you\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    part = b"Content-Type: text/calendar; method=REQUEST\n\n" + event
    got = parse(HEAD + part)
    assert got.text == (
        "Lamp repair\nStart: 2026-05-12 09:14 Europe/Berlin\nEnd: 2026-05-12 08:14 UTC\nWhere: Storgatan 5, Stockholm\n"
        "Organiser: Ben Carter <ben@x.example>\n\nBe at home.\nThank you"
    )
    assert [one.content_type for one in got.attachments] == ["text/calendar"]
    assert parse(mixed(b"Content-Type: text/plain\n\nPlease come", part, kind="alternative")).text == "Please come"


def test_forms_for_a_few_programs_are_no_files_and_not_shown_twice() -> None:
    amp = b"Content-Type: text/x-amp-html\n\n<!doctype html><html amp4email><body>dynamic</body></html>"
    got = parse(
        mixed(b"Content-Type: text/plain\n\nhi", amp, b"Content-Type: text/html\n\n<p>hi</p>", kind="alternative")
    )
    assert (got.text, got.attachments) == ("hi", ())
    assert "dynamic" not in got.html


def test_html_without_any_type_is_read_as_html() -> None:
    assert parse(HEAD + b"\n<html><body><p>Hello <b>you</b></p></body></html>\n").text == "Hello you"
    source = HEAD + b"Content-Type: text/plain\n\n<html> is the first word\n"
    assert parse(source).text == "<html> is the first word"


def test_a_signature_that_only_the_html_marks_leaves_the_plain_text() -> None:
    plain = b"Content-Type: text/plain\n\nYes, please.\n\nCarla Lima\nLima & Co\n"
    html = (
        b'Content-Type: text/html\n\n<p>Yes, please.</p><div class="gmail_signature">Carla Lima<br>Lima &amp; Co</div>'
    )
    got = parse(mixed(plain, html, kind="alternative"))
    assert (got.reply_text, got.signature) == ("Yes, please.", "Carla Lima\nLima & Co")
    assert got.text == "Yes, please.\n\nCarla Lima\nLima & Co"


def test_a_part_without_any_field_keeps_a_first_line_that_looks_like_one() -> None:
    got = parse(
        mixed(
            b"\nNote: this is no field\n\nhi",
            b"\nFrom: Ana\nTo: Ben\n\nnor this",
            b"\nContent-Type: text/plain\n\nlate",
        )
    )
    assert got.text == "Note: this is no field\n\nhi\n\nFrom: Ana\nTo: Ben\n\nnor this\n\nlate"
    assert not any("empty line" in defect for defect in got.defects)


def test_a_mail_that_is_nothing_but_a_line_is_its_text() -> None:
    assert parse(b"\n\nNote: hello\n").text == "Note: hello"


BITS = (
    b"=?",
    b"?=",
    b"\n\n",
    b"--bb\n",
    b"\r",
    b"\x00",
    b"\x1b$B",
    b"~{",
    b"<",
    b'"',
    b"wrote:\n",
    b"From: a@b.c\n",
    b"\xe4\xb8",
)


def mutated(raw: bytes, chance: random.Random) -> bytes:
    mail = bytearray(raw)
    for _ in range(chance.randint(1, 12)):
        at = chance.randint(0, len(mail))
        to = min(len(mail), at + chance.randint(1, 200))
        match chance.randint(0, 4):
            case 0:
                del mail[at:to]
            case 1:
                mail[at:at] = mail[at:to] * chance.randint(1, 30)
            case 2:
                mail[at:at] = chance.choice(BITS) * chance.choice((1, 1, 2, 300))
            case 3:
                mail[at:to] = chance.randbytes(to - at)
            case _:
                del mail[at:]
    return bytes(mail)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_mail_is_read_or_refused_and_every_word_of_it_can_be_stored(seed: int) -> None:
    chance = random.Random(seed)
    whole = mixed(SEE, png(), b"Content-Type: text/html\n\n<p>Yes</p><blockquote type=cite>No</blockquote>")
    answers = [HEAD + b"\n" + case["text"].encode() for case in sample("answers").values()]
    for _ in range(60):
        raw = mutated(chance.choice([whole, *answers]), chance)
        try:
            got = parse(raw)
        except Unreadable:
            continue
        for words in (got.text, got.reply_text, got.signature, got.subject, got.html):
            words.encode()  # no lone surrogate
            assert "\x00" not in words
