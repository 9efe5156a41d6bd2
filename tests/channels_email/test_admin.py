"""The ledger on the administrator's page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from channels_email.domain import process as module
from channels_email.models import Mailbox, RawEmail
from interactions.models import Message
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(ada) -> Client:
    client = Client()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_quarantined_mail_is_seen_downloaded_as_it_came_and_processed_again(page, arrives, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError("of ours")

    monkeypatch.setattr(module, "parse", broken)
    raw = arrives(letter()).raw
    monkeypatch.undo()

    shown = page.get(reverse("admin:channels_email_rawemail_change", args=[raw.pk]))
    assert b"ValueError: of ours" in shown.content
    source = page.get(reverse("admin:raw_email_source", args=[raw.pk]))
    assert b"".join(source.streaming_content) == bytes(RawEmail.objects.get(pk=raw.pk).content)
    assert source["Content-Disposition"].startswith("attachment")

    page.post(
        reverse("admin:channels_email_rawemail_changelist"), {"action": "take_up", "_selected_action": [str(raw.pk)]}
    )
    raw.refresh_from_db()
    assert raw.state == "message"
    assert Message.objects.filter(direction="in").count() == 1


def test_agents_do_not_get_to_the_raw_mails(arrives, ana):
    raw = arrives(letter()).raw
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get(reverse("admin:raw_email_source", args=[raw.pk]))

    assert answer.status_code == 302
    assert b"order" not in answer.content


def test_the_list_asks_the_database_as_often_for_three_mails_as_for_one(page, arrives):
    address = reverse("admin:channels_email_rawemail_changelist")
    arrives(letter())
    page.get(address)
    with CaptureQueriesContext(connection) as one:
        page.get(address)
    for number in (2, 3):
        arrives(letter(f"{number}", message_id=f"<{number}@post.example>"))
    with CaptureQueriesContext(connection) as three:
        page.get(address)

    assert len(one) == len(three)


def test_a_password_is_never_shown_and_stays_when_left_empty(page, support):
    support.imap_password = "h1dden!"
    support.save()
    address = reverse("admin:channels_email_mailbox_change", args=[support.pk])

    form = page.get(address)
    assert b"h1dden!" not in form.content

    data = {name: value for name, value in form.context["adminform"].form.initial.items() if value is not None}
    data |= {"imap_password": "", "smtp_password": "", "display_name": "Nordhem", "queue": str(support.queue_id)}
    data |= {"aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0"}
    answer = page.post(address, data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors

    kept = Mailbox.objects.get()
    assert (kept.imap_password, kept.display_name) == ("h1dden!", "Nordhem")
