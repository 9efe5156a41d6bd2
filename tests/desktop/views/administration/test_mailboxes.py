"""The set-up page of mailboxes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from channels_email.models import MailAlias, Mailbox, MailboxTrial
from tests.channels_email.provider import provider

pytestmark = pytest.mark.django_db
__all__ = ["provider"]
LIST = reverse("desktop:mailboxes")


def fields(queue, **more: object) -> dict[str, object]:
    return {
        "address": "Help@Nordhem.example",
        "queue": str(queue.pk),
        "active": "on",
        "sign_in": "password",
        "imap_host": "imap.example",
        "imap_port": 993,
        "imap_security": "tls",
        "imap_password": "h1dden!",
        "imap_folder": "INBOX",
        "smtp_port": 587,
        "smtp_security": "starttls",
        **more,
    }


def test_a_mailbox_is_made_and_its_password_never_shown_and_kept_when_left_empty(desk_of, ada, orders):
    desk = desk_of(ada)
    made = desk.post(reverse("desktop:mailbox_new"), fields(orders))
    kept = Mailbox.objects.get()
    assert made["Location"] == reverse("desktop:mailbox", args=[kept.pk])
    assert (kept.address, kept.imap_password) == ("help@nordhem.example", "h1dden!")
    assert "h1dden!" not in desk.get(made["Location"]).content.decode()
    desk.post(made["Location"], fields(orders, imap_password="", display_name="Help"))
    kept.refresh_from_db()
    assert (kept.display_name, kept.imap_password) == ("Help", "h1dden!")
    assert "help@nordhem.example" in desk.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"address": "nonsense"}, "valid email"),
        ({"imap_host": "https://imap.example/"}, "Only the server&#x27;s name"),
        ({"imap_security": "none"}, "would travel in clear"),
        ({"imap_port": 70000}, "less than or equal to 65535"),
        ({"imap_security": "starttls"}, "Port 993 is for TLS from the first byte"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(desk_of, ada, orders, wrong, words):
    answer = desk_of(ada).post(reverse("desktop:mailbox_new"), fields(orders, **wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Mailbox.objects.exists()


def test_an_address_that_is_there_already_is_said_at_its_field(desk_of, ada, orders, mailbox):
    MailAlias.objects.create(address="more@nordhem.example", mailbox=mailbox, queue=orders)
    desk = desk_of(ada)
    for address, words in (
        ("HELLO@nordhem.example", "There is a mailbox with this address already."),
        ("more@nordhem.example", "This is a further address of the mailbox hello@nordhem.example."),
    ):
        form = desk.post(reverse("desktop:mailbox_new"), fields(orders, address=address)).context["form"]
        assert form.errors == {"address": [words]}
    assert Mailbox.objects.get() == mailbox


def test_the_filter_in_front_is_chosen_on_the_page_where_each_is_explained(desk_of, ada, orders):
    desk = desk_of(ada)
    page = desk.get(reverse("desktop:mailbox_new")).content.decode()
    for words in ("Nothing is held.", "X-Spam-Flag: YES", "Rspamd would reject", "SFV:SPM", "begins as you say"):
        assert words in page
    desk.post(reverse("desktop:mailbox_new"), fields(orders, spam_filter="other"))
    assert not Mailbox.objects.exists()
    desk.post(reverse("desktop:mailbox_new"), fields(orders, spam_filter="rspamd"))
    assert Mailbox.objects.get().spam_filter == "rspamd"


def button(page: str) -> str:
    return page[page.index('id="trial-begin"') :].partition(">")[0]


def test_the_test_button_begins_a_job_whose_steps_are_shown(desk_of, ada, mailbox):
    desk = desk_of(ada)
    begun = desk.does(reverse("desktop:mailbox_trials", args=[mailbox.pk])).content.decode()
    assert "every 1s" in begun
    assert "disabled" in button(begun)
    assert desk.does(reverse("desktop:mailbox_trials", args=[mailbox.pk])).status_code == 200  # shows the running one
    trial = MailboxTrial.objects.get()
    trial.steps = [{"title": "Sign in to IMAP", "state": "failed", "words": "<b>no</b>", "advice": "Check it."}]
    trial.finished_at = trial.created_at
    trial.save()
    over = desk.part(reverse("desktop:mailbox_trial", args=[trial.pk])).content.decode()
    assert "every 1s" not in over
    assert "disabled" not in button(over)
    assert "&lt;b&gt;no" in over
    assert "Check it." in over


def test_a_google_account_is_connected_by_the_state_of_ones_own_session_only(desk_of, ada, mailbox, provider):
    Mailbox.objects.update(sign_in="google")
    desk, other = desk_of(ada), desk_of(ada)
    page = reverse("desktop:mailbox", args=[mailbox.pk])
    assert "Connect" in desk.get(page).content.decode()
    away = desk.get(reverse("desktop:mailbox_consent", args=[mailbox.pk]))["Location"]
    assert away.startswith("https://accounts.example/authorize?")
    back = reverse("desktop:mailbox_consented")

    brought = provider.consent(away)
    other.get(back, brought)  # somebody lured into bringing another's answer
    assert provider.asked == []
    assert Mailbox.objects.get().refresh_token == ""

    desk.get(back, brought)
    assert Mailbox.objects.get().refresh_token == "refresh-1"
    desk.get(back, brought)  # the same answer again belongs to no question
    assert len(provider.asked) == 1
    assert "Connected" in desk.get(page).content.decode()


def test_without_a_client_id_the_page_says_what_is_missing(desk_of, ada, mailbox, settings):
    settings.MAIL_OAUTH = {}
    Mailbox.objects.update(sign_in="microsoft")
    desk = desk_of(ada)
    page = desk.get(reverse("desktop:mailbox_consent", args=[mailbox.pk]), follow=True).content.decode()
    assert "set <code>MICROSOFT_CLIENT_ID</code> and <code>MICROSOFT_CLIENT_SECRET</code>" in page
    assert "not registered at Microsoft" in page
    assert reverse("desktop:mailbox_consent", args=[mailbox.pk]) not in page


def test_a_sign_in_that_cannot_work_here_is_neither_offered_nor_taken_into_use(desk_of, ada, orders, provider):
    desk = desk_of(ada)
    page = desk.get(reverse("desktop:mailbox_new")).content.decode()
    assert "Google account</option>" in page
    assert "Microsoft account</option>" not in page
    assert "MICROSOFT_CLIENT_ID and MICROSOFT_CLIENT_SECRET" in page
    desk.post(reverse("desktop:mailbox_new"), fields(orders, sign_in="microsoft"))
    assert not Mailbox.objects.exists()
    Mailbox.objects.create(address="help@nordhem.example", queue=orders, sign_in="microsoft", active=False)
    there = reverse("desktop:mailbox", args=[Mailbox.objects.get().pk])
    refused = desk.post(there, fields(orders, sign_in="microsoft")).content.decode()
    assert "This cannot work before MICROSOFT_CLIENT_ID and MICROSOFT_CLIENT_SECRET are set" in refused
    assert not Mailbox.objects.get().active


def test_what_was_wrong_is_no_longer_said_when_the_settings_were_changed(desk_of, ada, orders):
    desk = desk_of(ada)
    desk.post(reverse("desktop:mailbox_new"), fields(orders))
    Mailbox.objects.update(trouble="The server hung up.")
    there = reverse("desktop:mailbox", args=[Mailbox.objects.get().pk])
    desk.post(there, fields(orders, display_name="Help", imap_password=""))
    assert "The server hung up." in desk.get(there).content.decode()
    desk.post(there, fields(orders, display_name="Help", imap_password="", imap_host="imap2.example"))
    assert "The server hung up." not in desk.get(there).content.decode()


def test_three_mailboxes_cost_as_many_queries_as_one(desk_of, ada, mailbox, orders):
    desk = desk_of(ada)
    desk.get(LIST)
    with CaptureQueriesContext(connection) as one:
        desk.get(LIST)
    for number in range(2):
        Mailbox.objects.create(address=f"more{number}@nordhem.example", queue=orders)
    with CaptureQueriesContext(connection) as three:
        desk.get(LIST)
    assert len(one) == len(three)
    assert len(one) < 25
