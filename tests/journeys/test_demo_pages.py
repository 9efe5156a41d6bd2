"""The demo world's pages at two widths, light and dark, and a mail that shows by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from channels_email.models import Mailbox
from simulator.mail import boxes
from simulator.models import DemoMail, World
from tests.journeys.test_pages import inspect, look

__all__ = ["inspect", "look"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OWNER = "maria.kovacs-szentgyorgyi.of.the.long.address@tachydromeio.example"
LETTER = (
    f"From: Nordhem <support@nordhem.example>\r\nTo: {OWNER}\r\nSubject: Re: Donaudampfschifffahrtsschrank\r\n"
    "Message-ID: <1@nordhem.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    "<p>Hello Maria,</p><p>it comes on <b>Friday</b>.</p><table width='900'><tr><td>wide</td></tr></table>"
)


@pytest.fixture
def mailbox(orders) -> str:
    """The page of a mailbox with one mail in it, in a demo world."""
    support = Mailbox.objects.create(address="support@nordhem.example", queue=orders)
    World.objects.create(mailbox=support.address, api_token="none")
    boxes.keep(LETTER.encode(), support.address, [OWNER])
    return f"/demo/mailbox/{OWNER}/"


def test_the_demo_worlds_pages(open_page, look, house, inspect, mailbox, settings):
    settings.SIMULATOR = True
    page = open_page(width=look.width, height=look.height)
    for name, address in (
        ("demo-world", "/demo/"),
        ("demo-mailboxes", "/demo/mailbox/"),
        ("demo-mailbox", mailbox),
        ("demo-mail", f"{mailbox}{DemoMail.objects.get().pk}/"),
        ("demo-write", f"{mailbox}write/"),
        ("demo-empty", "/demo/mailbox/new@home.example/"),
    ):
        page.goto(house + address)
        inspect(page, name)


def test_a_mail_appears_without_reloading(page, house, mailbox):
    page.goto(house + mailbox)
    expect(page.locator("#mails a")).to_have_count(1)
    boxes.keep(LETTER.replace("<1@", "<2@").encode(), "support@nordhem.example", [OWNER])
    expect(page.locator("#mails a")).to_have_count(2)


def test_the_slider_is_heard_without_a_button(page, house, mailbox, settings):
    settings.SIMULATOR = True
    page.goto(f"{house}/demo/")
    page.get_by_label("New mails in an hour").fill("120")
    expect(page.locator("#rate output")).to_have_text("120")
    assert World.objects.get().rate == 120
