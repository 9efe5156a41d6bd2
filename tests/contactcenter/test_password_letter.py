"""Who forgot a password chooses a new one by a letter; nobody learns by asking who has an account."""

from __future__ import annotations

import re

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.urls import reverse

from channels_email.models import Mailbox
from foundation import bus
from foundation.outbox.models import OutboxRow
from simulator.models import World
from tests.journeys.running_demo import LOOPBACK, Sink, free_port
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
ASK = reverse("account_reset_password")
NEW = "a longer word than before"


@pytest.fixture
def post(settings):
    """Ana's mail server, to which the outgoing server of the settings points."""
    sink = Sink()
    server = Controller(sink, hostname=LOOPBACK, port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = LOOPBACK, server.port
    yield sink
    server.stop()


def link_in(letter) -> str:
    return re.search(r"http://[^/]+(/accounts/\S+)", letter.get_content())[1]


def signs_in(client, password: str) -> bool:
    return client.post(reverse("account_login"), {"login": "ana", "password": password}).status_code == 302


def test_a_forgotten_password_is_replaced_by_a_letter_once(client, ana, orders, post):
    Mailbox.objects.create(address="hello@nordhem.example", queue=orders)
    assert ASK in client.get(reverse("account_login")).content.decode()
    answer = client.post(ASK, {"email": "ANA@nordhem.example"}, follow=True)
    assert "Look into your mail" in answer.content.decode()
    bus.drain()

    letter = post.next_letter("ana@nordhem.example", 5)
    assert (letter["From"], letter["Auto-Submitted"]) == ("Nordhem <hello@nordhem.example>", "auto-generated")
    page = client.get(link_in(letter), follow=True)
    form = {"password1": NEW, "password2": NEW}
    assert "is saved" in client.post(page.redirect_chain[-1][0], form, follow=True).content.decode()

    assert not signs_in(client, PASSWORD)
    assert signs_in(client, NEW)
    client.logout()
    assert "works no more" in client.get(link_in(letter), follow=True).content.decode()


def without_token(page) -> str:
    return re.sub(r'(csrf-token" content=)"\w+"', r"\1", page.content.decode())


def test_a_stranger_is_answered_the_same_and_gets_no_letter(client, ana):
    known = client.post(ASK, {"email": ana.email}, follow=True)
    stranger = client.post(ASK, {"email": "mallory@evil.example"}, follow=True)
    assert stranger.redirect_chain == known.redirect_chain
    assert without_token(stranger) == without_token(known)
    bus.drain()
    assert [letter.to for letter in mail.outbox] == [[ana.email]]


def test_who_is_no_longer_active_gets_none(client, ana):
    client.post(ASK, {"email": ana.email})
    ana.is_active = False
    ana.save()
    client.post(ASK, {"email": ana.email})
    bus.drain()
    assert mail.outbox == []


def test_nobody_is_flooded_with_letters(client, ana):
    answers = [client.post(ASK, {"email": ana.email}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "That was too often" in answers[-1].content.decode()
    bus.drain()
    assert len(mail.outbox) == 3


def test_while_the_mail_server_is_away_the_letter_waits(client, ana, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = LOOPBACK, free_port()
    assert client.post(ASK, {"email": ana.email}).status_code == 302
    bus.drain(raising=False)
    assert OutboxRow.objects.filter(receiver__contains="write_password_letter").exists()


def test_a_demo_says_where_its_letters_lie(client, ana):
    done = reverse("account_reset_password_done")
    assert reverse("mailboxes") not in client.get(done).content.decode()
    World.objects.create(mailbox="support@nordhem.example", api_token="none")
    assert reverse("mailboxes") in client.get(done).content.decode()
