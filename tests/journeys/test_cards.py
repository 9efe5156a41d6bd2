"""Mails that are no plain letters, through the real pipeline onto the desk in a real browser."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from channels_email.domain.process import process
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door
from channels_email.models import Mailbox
from tests.channels_email.domain import test_calendar_event, test_fold, test_protection

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

HUGE = (
    '<table><tr><td height="99999"><div style="position:fixed;width:9999px;height:9999px;background:#d0e0ff">Huge</div>'
    + '<div style="padding:1900px 0">high</div>' * 3
    + "</td></tr></table>"
)
INVITE = test_calendar_event.calendar(
    "DTSTART;TZID=Europe/Stockholm:20260512T100000", "DTEND;TZID=Europe/Stockholm:20260512T113000",
    "SUMMARY:Fitting of the kitchen", "LOCATION:Hagagatan 1, Stockholm", "ORGANIZER;CN=Carla:mailto:carla@post.example",
)  # fmt: skip


def mail(number: int, kind: str, body: str, **fields: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items())
    return (
        f"From: Carla Nyström <carla@post.example>\nTo: support@nordhem.example\nMessage-ID: <{number}@post.example>\n"
        f"Subject: Re: Kitchen\nMIME-Version: 1.0\nReferences: <1@post.example>\n{more}"
        f"Content-Type: {kind}; charset=utf-8; boundary=b\n\n{body}\n"
    ).encode()


def with_invitation() -> str:
    return f"--b\nContent-Type: text/plain\n\nPlease come!\n--b\nContent-Type: text/calendar\n\n{INVITE}\n--b--\n"


@pytest.fixture
def odd_case(orders, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    Mailbox.objects.create(address="support@nordhem.example", queue=orders)
    mails = [
        mail(1, "text/plain", "My kitchen"),
        mail(2, "text/html", test_fold.GMAIL_INTERLEAVED),
        mail(3, "text/html", test_fold.OUTLOOK),
        mail(4, "text/html", HUGE),
        mail(5, "multipart/alternative", with_invitation()),
        mail(6, "multipart/encrypted", test_protection.PGP_PARTS),
        mail(7, "text/plain", ""),
    ]
    for each in mails:
        raw = take_in(each, Origin(door=Door.SMTP), announce=False)
        processed = process(raw.pk)
    return processed.received.message.case


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_every_odd_mail_is_a_card_that_one_can_read(house, open_page, picture, axe, ana, odd_case, width, dark):
    ana.time_zone, ana.theme = "Europe/Stockholm", "dark" if dark else "light"
    ana.save()
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    page: Page = open_page(width=width, dark=dark)
    page.context.add_cookies(
        [{"name": name, "value": cookie.value, "url": house} for name, cookie in client.cookies.items()]
    )
    page.goto(house + reverse("desktop:case", args=[odd_case.pk]))
    gmail, outlook, huge = odd_case.messages.filter(direction="in").exclude(html="").order_by("created_at")
    answers = page.frame_locator(f"#frame-{gmail.pk}")
    expect(answers.get_by_text("Forty.")).to_be_visible()
    expect(answers.get_by_text("Blue.")).to_be_visible()
    expect(answers.get_by_text("Which size?")).to_be_hidden()
    expect(page.frame_locator(f"#frame-{outlook.pk}").get_by_text("Which colour?")).to_be_hidden()
    answers.get_by_text("Show what it quotes").first.click()
    expect(answers.get_by_text("Which size?")).to_be_visible()
    frame = page.locator(f"#frame-{huge.pk}")
    frame.scroll_into_view_if_needed()
    expect(frame).to_have_attribute("data-measured", "3000")
    assert frame.evaluate("frame => frame.clientHeight") <= 3_030
    expect(page.get_by_text("Tue 12 May 2026, 10:00 – 11:30 (Europe/Stockholm)")).to_be_visible()
    expect(page.get_by_text("This mail is encrypted and cannot be read here.")).to_be_visible()
    expect(page.get_by_text("This mail has no text.")).to_be_visible()
    assert axe(page) == []

    picture(page, f"cards-{width}")
    gmail_forward = f"{reverse('desktop:forwards', args=[odd_case.pk])}?message={gmail.pk}"
    page.goto(house + gmail_forward)
    expect(page.frame_locator("iframe").get_by_text("Forty.")).to_be_visible()
    picture(page, f"cards-forward-{width}")
