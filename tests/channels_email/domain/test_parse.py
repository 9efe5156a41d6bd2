"""A mail understood from its bytes, as customers, servers and attackers send it."""

import base64
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_email.domain.charsets import decode
from channels_email.domain.parse import parse
from channels_email.domain.parsed import Address, Kind, ParsedEmail
from channels_email.errors import Unreadable

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def mail(text: str | bytes, *fields: str, charset: str = "utf-8") -> ParsedEmail:
    head = ["From: Carla Lima <carla@mail.example>", "To: service@shop.example", *fields]
    body = text.encode(charset) if isinstance(text, str) else text
    return parse("\n".join(head).encode() + b"\n\n" + body)


def test_a_plain_mail() -> None:
    got = mail(
        "Hello,\nwhere is it?\n",
        "Subject: Order 77",
        "Date: Tue, 12 May 2026 09:14:00 +0200",
        "Message-ID: <a1@mail.example>",
        "In-Reply-To: <m1@shop.example>",
        "References: <m0@shop.example>\n <m1@shop.example>",
    )
    assert got.author == Address("Carla Lima", "carla@mail.example")
    assert got.to == (Address("", "service@shop.example"),)
    assert (got.subject, got.text, got.reply_text) == ("Order 77", "Hello,\nwhere is it?", "Hello,\nwhere is it?")
    assert got.date is not None
    assert got.date.isoformat() == "2026-05-12T09:14:00+02:00"
    assert got.message_id == "a1@mail.example"
    assert got.in_reply_to == ("m1@shop.example",)
    assert got.references == ("m0@shop.example", "m1@shop.example")
    assert (got.kind, got.bounce, got.defects) == (Kind.MESSAGE, None, ())


def test_missing_fields_are_said_and_nothing_is_lost() -> None:
    got = parse(b"X-Mailer: shop\n\nHello\n")
    assert (got.authors, got.date, got.message_id, got.text) == ((), None, "", "Hello")
    assert set(got.defects) == {
        "no sender: the From field is missing or holds no address",
        "no Date field",
        "no Message-ID field",
    }


@pytest.mark.parametrize("raw", [b"", b"\r\n \r\n", PNG, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", bytes(range(256)) * 8])
def test_what_is_no_mail_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(raw)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("您好，我的订单还没有收到，请问什么时候发货？谢谢", "gb18030"),
        ("您好，我的訂單還沒有收到，請問什麼時候出貨？謝謝", "big5"),
        ("お世話になっております。注文した商品がまだ届きません。", "shift_jis"),
        ("お世話になっております。注文した商品がまだ届きません。", "euc_jp"),
        ("お世話になっております。注文した商品がまだ届きません。", "iso2022_jp"),
        ("안녕하세요 주문한 상품이 아직 도착하지 않았습니다", "euc_kr"),
        ("Здравствуйте, мой заказ до сих пор не пришёл. Спасибо", "cp1251"),
        ("Здравствуйте, мой заказ до сих пор не пришёл. Спасибо", "koi8-r"),
        ("Καλημέρα σας, η παραγγελία μου δεν έφτασε", "cp1253"),
        ("Je n'ai pas reçu ma commande, à bientôt. Où est-elle ?", "latin-1"),
        ("Dzień dobry, zamówienie jeszcze nie dotarło, dziękuję", "iso8859_2"),
        ("Siparişim hâlâ gelmedi, teşekkürler", "cp1254"),
        ("Grüße – „bald“ 😀", "utf-8"),
    ],
)
@pytest.mark.parametrize("declared", [None, "us-ascii", "x-unknown", "iso-8859-1"])
def test_text_is_read_whatever_charset_is_declared(text: str, charset: str, declared: str | None) -> None:
    if declared == "iso-8859-1" and charset in {"iso8859_2", "cp1254"}:
        pytest.skip("nothing in the bytes contradicts the declaration")
    fields = [f"Content-Type: text/plain; charset={declared}"] if declared else []
    assert mail(text, *fields, charset=charset).text == text


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?UTF-8?B?R3LDvMOf?= =?UTF-8?B?ZQ==?=", "Grüße"),
        (b"=?utf-8?b?R3LD?= =?utf-8?b?vMOfZQ==?=", "Grüße"),
        (b"=?utf-8?Q?two words here?=", "two words here"),
        (b'"=?iso-8859-1?q?Gr=FC=DFe?="', '"Grüße"'),
        (b"=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),
        (b"Re: =?utf-8?q?Gr=C3=BC=C3=9Fe?= an alle", "Re: Grüße an alle"),
        (b"=?unknown-8bit?q?Gr=FC=DFe?=", "Grüße"),
        (b"=?gb2312?B?xPq6w6OsztK1xLapuaU=?=", "您好，我的订购"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße aus München".encode("latin-1"), "Grüße aus München"),
        (b"=?utf-8?q?broken", "=?utf-8?q?broken"),
        (b"a\x00b\x07c", "abc"),
    ],
)
def test_subjects_are_decoded_however_broken(raw: bytes, subject: str) -> None:
    got = parse(b"From: carla@mail.example\nSubject: " + raw + b"\n\nHello\n").subject
    if raw == b"=?utf-8?q?broken":
        assert got in {subject, "broken"}
    elif subject.startswith("您好"):
        assert got.startswith("您好，我的订")
    else:
        assert got == subject


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Carla <carla@mail.example>", [("Carla", "carla@mail.example")]),
        ("carla@mail.example (Carla)", [("Carla", "carla@mail.example")]),
        ('"Lima, Carla" <carla@mail.example>', [("Lima, Carla", "carla@mail.example")]),
        ("Lima, Carla <carla@mail.example>", [("Lima, Carla", "carla@mail.example")]),
        ("<<carla@mail.example>>", [("", "carla@mail.example")]),
        ("Carla <carla@mail.example", [("Carla", "carla@mail.example")]),
        ("a@x.example; b@y.example", [("", "a@x.example"), ("", "b@y.example")]),
        ("Two: a@x.example, B <b@y.example>;, c@z.ex", [("", "a@x.example"), ("B", "b@y.example"), ("", "c@z.ex")]),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?q?J=C3=B6rg?= <j@x.example>", [("Jörg", "j@x.example")]),
        ("=?utf-8?q?J=C3=B6rg_=3Cj=40x.example=3E?=", [("Jörg", "j@x.example")]),
        ("'Carla' <mailto:carla@mail.example>", [("Carla", "carla@mail.example")]),
        ("carla @ mail . example", [("", "carla@mail.example")]),
        ("evil@x.example <carla@mail.example>", [("evil@x.example", "carla@mail.example")]),
        ('"a b"@x.example', [("", '"a b"@x.example')]),
        ("postmaster", [("", "postmaster")]),
        ("Nobody at all", [("Nobody at all", "")]),
    ],
)  # fmt: skip
def test_addresses_as_mailers_write_them(field: str, expected: list[tuple[str, str]]) -> None:
    got = parse(f"From: x@y.example\nTo: {field}\n\nHello\n".encode())
    assert [(box.name, box.address) for box in got.to] == expected


MIXED = """MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=b"

--=b
Content-Type: multipart/related; boundary="=r"

--=r
Content-Type: multipart/alternative; boundary="=a"

--=a
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe
--=a
Content-Type: text/html; charset=utf-8

<p>Gr&uuml;&szlig;e <img src="cid:logo@x"> <img src="https://spy.example/p.gif"><script>alert(1)</script></p>
--=a--
--=r
Content-Type: image/png; name="logo.png"
Content-ID: <logo@x>
Content-Transfer-Encoding: base64

{png}
--=r--
--=b
Content-Type: application/pdf; name*=utf-8''Rechnung%20M%C3%A4rz.pdf
Content-Disposition: attachment; filename*0*=utf-8''Rechnung%20; filename*1*=M%C3%A4rz.pdf
Content-Transfer-Encoding: base64

{pdf}
--=b--
"""


def test_text_html_pictures_and_files_of_one_mail() -> None:
    source = MIXED.format(png=base64.b64encode(PNG).decode(), pdf=base64.b64encode(b"%PDF-1.7 x").decode())
    got = parse(f"From: carla@mail.example\n{source}".encode())
    assert (got.text, got.reply_text) == ("Grüße", "Grüße")
    assert 'src="cid:logo@x"' in got.html
    assert 'data-remote-src="https://spy.example/p.gif"' in got.html
    assert "script" not in got.html
    assert [(one.filename, one.content_type, one.size, one.inline, one.content_id) for one in got.attachments] == [
        ("logo.png", "image/png", len(PNG), True, "logo@x"),
        ("Rechnung März.pdf", "application/pdf", 10, False, ""),
    ]
    assert [one.sniffed_type for one in got.attachments] == ["image/png", "application/pdf"]


def test_a_mail_within_the_mail_is_a_file_and_its_words_and_files_are_found() -> None:
    inner = (
        "From: dev@mail.example\nSubject: Lamp\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=i\n\n"
        "--i\n\nThe lamp is broken.\n--i\nContent-Type: text/csv\nContent-Disposition: attachment; filename=a.csv\n\n"
        "1,2\n--i--\n"
    )
    got = parse(
        (
            "From: carla@mail.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n"
            f"--o\n\nSee below.\n--o\nContent-Type: message/rfc822\n\n{inner}\n--o--\n"
        ).encode()
    )
    assert "See below." in got.text
    assert "From: dev@mail.example" in got.text
    assert "The lamp is broken." in got.text
    assert got.reply_text == "See below."
    assert [one.content_type for one in got.attachments] == ["message/rfc822", "text/csv"]


def test_a_calendar_invitation_in_an_alternative_is_kept_as_a_file() -> None:
    got = mail(
        "--c\nContent-Type: text/plain\n\nCome!\n--c\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n"
        "END:VCALENDAR\n--c--\n",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative; boundary=c",
    )
    assert got.text == "Come!"
    assert [one.content_type for one in got.attachments] == ["text/calendar"]


def test_a_uuencoded_file_leaves_the_text() -> None:
    got = mail("Here it is:\n\nbegin 644 note.txt\n#0V%T\n`\nend\n\nBye\n")
    assert got.text.split() == ["Here", "it", "is:", "Bye"]
    assert [(one.filename, one.content) for one in got.attachments] == [("note.txt", b"Cat")]


def test_flowed_text_is_joined_and_quotes_keep_their_depth() -> None:
    got = mail("One \nline.\n> and this \n> too\n>\n>> older\n-- \nCarla\n", "Content-Type: text/plain; format=flowed")
    assert got.text == "One line.\n> and this too\n>\n>> older\n-- \nCarla"
    assert (got.reply_text, got.signature) == ("One line.", "--\nCarla")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\carla\\\\a.pdf", "a.pdf"),
        ("a\x07b.pdf", "ab.pdf"),
        ("bill\u202efdp.exe", "bill_fdp.exe"),
        (".htaccess", "htaccess"),
        ("=?utf-8?b?UmVjaG51bmcucGRm?=", "Rechnung.pdf"),
        ("x" * 400 + ".pdf", "x" * 176 + ".pdf"),
    ],
)
def test_file_names_are_made_safe(name: str, expected: str) -> None:
    got = mail("x", "Content-Type: application/pdf", f'Content-Disposition: attachment; filename="{name}"')
    assert [one.filename for one in got.attachments] == [expected]


@pytest.mark.parametrize(
    ("fields", "kind", "automatic"),
    [
        (["Auto-Submitted: auto-replied"], Kind.AUTO_REPLY, True),
        (["Auto-Submitted: auto-generated"], Kind.MESSAGE, True),
        (["Auto-Submitted: no", "Subject: Out of office"], Kind.MESSAGE, False),
        (["X-Autoreply: yes"], Kind.AUTO_REPLY, False),
        (["Precedence: auto_reply"], Kind.AUTO_REPLY, True),
        (["Precedence: bulk"], Kind.MESSAGE, True),
        (["List-Id: <news.shop.example>"], Kind.MESSAGE, True),
        (["Subject: Automatic reply: your order"], Kind.AUTO_REPLY, False),
        (["Subject: Automatische Antwort: Ihre Bestellung"], Kind.AUTO_REPLY, False),
        (["Subject: Réponse automatique : commande"], Kind.AUTO_REPLY, False),
        (["Subject: 自動返信: ご注文"], Kind.AUTO_REPLY, False),
        (["Subject: Re: out of office hours?"], Kind.MESSAGE, False),
        (["Subject: Vacation rental refund"], Kind.MESSAGE, False),
        (["Return-Path: <>", "In-Reply-To: <m1@shop.example>"], Kind.AUTO_REPLY, True),
        (
            ["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", "In-Reply-To: <m1@shop.example>"],
            Kind.AUTO_REPLY,
            True,
        ),
        (["Content-Type: multipart/report; report-type=disposition-notification; boundary=b"], Kind.AUTO_REPLY, False),
    ],
)
def test_automatic_mail_is_told_from_people(fields: list[str], kind: Kind, automatic: bool) -> None:
    got = mail("I am away.", *fields)
    assert got.kind is kind
    assert got.automatic is automatic or kind is Kind.AUTO_REPLY


def test_our_own_mail_that_comes_back_is_a_loop() -> None:
    raw = b"From: service@shop.example\nX-Ours: 1\nAuto-Submitted: auto-replied\n\nWe got it.\n"
    assert parse(raw, is_ours=lambda head: head.has("x-ours")).kind is Kind.LOOP
    assert parse(raw).kind is Kind.AUTO_REPLY


def test_nuls_and_lone_surrogates_never_reach_the_text() -> None:
    got = mail(b"a\x00b \xed\xa0\x80 c", "Subject: x\x00y", "Content-Type: text/plain; charset=utf-8")
    everything = "".join([got.subject, got.text, got.reply_text, *(value for _, value in got.headers)])
    assert "\x00" not in everything
    everything.encode()


def test_ten_thousand_parts_are_read_in_bounded_time() -> None:
    parts = "".join(f"--b\nContent-Type: text/plain\n\npart {number}\n" for number in range(12_000))
    started = time.process_time()
    got = mail(parts + "--b--\n", "Content-Type: multipart/mixed; boundary=b")
    assert time.process_time() - started < 6
    assert "part 9998" in got.text
    assert "only the first 10,000 parts were read" in got.defects


def test_parts_nested_without_end_are_read_to_a_depth() -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(500))
    started = time.process_time()
    got = parse(f"From: carla@mail.example\n{nested}\nend".encode())
    assert time.process_time() - started < 1
    assert any("deeper" in defect for defect in got.defects)


def test_thirty_megabytes_keep_their_file() -> None:
    content = bytes(range(256)) * 90_000
    encoded = base64.encodebytes(content)
    raw = (
        b"From: carla@mail.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nbig\n--b\n"
        b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n" + encoded + b"\n--b--\n"
    )
    started = time.process_time()
    got = parse(raw)
    assert time.process_time() - started < 2
    assert got.attachments[0].content == content


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "<" * 1_000_000,
        "&" * 1_000_000,
        "<b><p>" * 100_000,
        "".join(f"<font size={n}>" for n in range(300)) + "<p>x" * 20_000,
        "<a href='" + "x" * 1_000_000,
        "<!--" * 200_000,
        '<p style="' + "color:red;" * 90_000 + '">x',
        "<table><tr><td>" * 60_000,
        "<blockquote>" * 300 + "x\n" * 100_000,
    ],
    ids=range(10),
)
def test_html_built_to_be_slow_is_read_in_bounded_time(html: str) -> None:
    started = time.process_time()
    mail(html, "Content-Type: text/html")
    assert time.process_time() - started < 1.0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=st.binary(max_size=3_000))
def test_any_bytes_are_a_mail_or_refused(raw: bytes) -> None:
    try:
        got = parse(raw)
    except Unreadable:
        return
    f"{got.subject}{got.text}{got.html}{got.reply_text}".encode()


PIECES = st.sampled_from(
    [
        b"From: ", b"To: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"message/rfc822", b"text/html", b"\n",
        b"\r\n", b"\n\n", b"--b", b"--b--", b"=?utf-8?b?", b"?=", b"=?", b"base64", b"Content-Transfer-Encoding: ",
        b"\x00", b"\xff\xfe", b"<p>", b"</p", b"&", b"> ", b"On 1.1.2026 a@b.example wrote:", b"begin 644 x\n",
        b"end\n", b"Subject: ", b"a@b.example", b"<", b">", b'"', b"(", b";", b",", b":", b"*0*=utf-8''%",
        b"filename", b"multipart/report", b"message/delivery-status", b"Final-Recipient: rfc822;", b"Status: 5.1.1",
        b"\xe4\xf6", b"charset=iso-2022-jp", b"\x1b$B", b"application/ms-tnef", b"\x78\x9f\x3e\x22",
        b"format=flowed", b"Date: ", b"31 Feb 99999 25:61:61 +9999", b"References: ", b"-- \n",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=st.lists(PIECES, max_size=60))
def test_any_arrangement_of_mail_is_a_mail_or_refused(pieces: list[bytes]) -> None:
    try:
        got = parse(b"".join(pieces))
    except Unreadable:
        return
    f"{got.subject}{got.text}{got.html}{got.reply_text}{got.attachments}".encode()


def test_no_sample_of_the_hostile_corpus_runs() -> None:
    corpus = Path(__file__).parents[4] / "shared/corpora/bad-input/bleach_tests.jsonl"
    if not corpus.is_file():
        pytest.skip("the corpus ../shared/corpora/bad-input is not here")
    for line in corpus.read_text("utf-8").splitlines():
        clean = mail(line, "Content-Type: text/html").html.lower()
        assert "<script" not in clean
        assert "<style" not in clean
        assert "<iframe" not in clean
        assert 'href="javascript' not in clean
        assert 'src="javascript' not in clean


def test_a_few_damaged_bytes_are_told_as_such_and_the_rest_is_read_as_declared():
    text, remark = decode("Профессионалы и ".encode() + b"\xd1." + "партнеры".encode(), "utf-8")
    assert text == "Профессионалы и \ufffd.партнеры"
    assert remark == "some bytes are not utf-8"
