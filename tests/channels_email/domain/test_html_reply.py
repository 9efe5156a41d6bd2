"""What is new in replies that come as HTML only, in the mark-up of the programs that write it."""

from pathlib import Path

import pytest
import yaml

from channels_email.domain.html_text import html_to_text
from channels_email.domain.parse import parse
from channels_email.domain.sanitise import sanitise, show_images

REPLIES = yaml.safe_load((Path(__file__).parents[2] / "samples/email/html_replies.yaml").read_text("utf-8"))
FORBIDDEN = ("script", "onerror=", "onload=", "evil.example", "<form", "<input", "<svg", "position", "hx-", "x-data")
NEW = "Thank you, that helps. May I still change the colour?"


def html_mail(html: str, subject: str = "Re: Your order"):
    head = f"From: carla@mail.example\nSubject: {subject}\nContent-Type: text/html; charset=utf-8\n\n"
    return parse((head + html).encode())


@pytest.mark.parametrize("html", REPLIES.values(), ids=REPLIES)
def test_the_new_part_is_found_in_html(html: str) -> None:
    assert " ".join(html_mail(html).reply_text.split()) == NEW


@pytest.mark.parametrize("html", REPLIES.values(), ids=REPLIES)
def test_the_whole_text_keeps_the_history(html: str) -> None:
    got = html_mail(html)
    assert "leaves tomorrow" in got.text
    assert NEW.split(". ", maxsplit=1)[0] in got.text


def test_html_marks_help_where_the_plain_text_shows_no_history() -> None:
    got = parse(
        b"From: carla@mail.example\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n"
        b"--b\nContent-Type: text/plain\n\nYes, please.\n\nYour order leaves tomorrow.\n"
        b'--b\nContent-Type: text/html\n\n<div>Yes, please.</div><div class="gmail_quote">'
        b"<blockquote>Your order leaves tomorrow.</blockquote></div>\n--b--\n"
    )
    assert got.reply_text == "Yes, please."
    assert "leaves tomorrow" in got.text


def test_what_gmail_passes_on_is_the_news() -> None:
    html = (
        '<div dir="ltr">FYI<br><div class="gmail_quote"><div class="gmail_attr">'
        "---------- Forwarded message ---------<br>From: Dev &lt;dev@mail.example&gt;<br>"
        "Subject: Lamp<br></div><br>The lamp is broken.</div></div>"
    )
    got = html_mail(html, "Fwd: Lamp")
    assert got.forwarded
    assert "The lamp is broken." in got.reply_text


def test_text_of_html_is_laid_out_as_a_mail() -> None:
    clean = sanitise(
        "<h1>Hello</h1><p>two<br>lines</p><ul><li>one<li>two</ul><ol><li>a</li><li>b</li></ol>"
        "<table><tr><td>Order</td><td>77</td></tr><tr><td>Size</td><td>40</td></tr></table><pre>a\n  b</pre>"
        '<div style="display:none">hidden</div>&lt;3 &amp; more'
    )
    assert clean is not None
    assert html_to_text(clean).split("\n") == [
        "Hello", "", "two", "lines", "", "- one", "- two", "", "1. a", "2. b", "", "Order  77", "Size  40", "",
        "a", "  b", "", "<3 & more",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java\tscript:alert(1)">x</a>',
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        '<iframe src="https://evil.example"></iframe>',
        '<form action="https://evil.example"><input name=password></form>',
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
        '<base href="https://evil.example/"><link rel="stylesheet" href="https://evil.example/x.css">',
        '<div style="background:url(https://evil.example/p)">x</div>',
        '<div style="position:fixed;top:0;left:0;width:expression(alert(1))">x</div>',
        "<style>body{background:url(https://evil.example)}</style>",
        '<table background="https://evil.example/p"><tr><td>x</td></tr></table>',
        '<img srcset="https://evil.example/p 2x">',
        '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
        '<video poster="https://evil.example/p" src="https://evil.example/v"></video>',
        '<p id="content" class="modal" data-controller="x" hx-get="https://evil.example" x-data="x">x</p>',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    ],
)
def test_strangers_html_neither_runs_nor_loads_anything(hostile: str) -> None:
    clean = sanitise(hostile)
    assert clean is not None
    low = clean.lower()
    for forbidden in (
        "script",
        "onerror=",
        "onload=",
        "evil.example",
        "<form",
        "<input",
        "<svg",
        "position",
        "hx-",
        "x-data",
    ):
        assert forbidden not in low.replace("&lt;", "").replace("onerror=alert(1)&gt;", "")
    assert 'class="modal"' not in low


def test_pictures_from_the_web_load_only_when_asked() -> None:
    clean = sanitise('<img src="https://shop.example/a.png" alt="x"><img src="cid:logo@x"><img src="cid:gone@x">')
    assert clean is not None
    assert ' src="https' not in clean
    shown = show_images(clean, {"logo@x": '/files/1"onload="'}, remote=False)
    assert ' src="/files/1&quot;onload=&quot;"' in shown
    assert "gone@x" not in shown
    assert ' src="https' not in shown
    assert ' src="https://shop.example/a.png"' in show_images(clean, {}, remote=True)
