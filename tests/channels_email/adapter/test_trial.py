"""Trying a mailbox against real servers: each step that works is ticked, each that does not is explained."""

from __future__ import annotations

import pytest

from channels_email.adapter import trial as module
from channels_email.adapter.trial import ask_trial, run_trial
from channels_email.models import MailboxTrial, RawEmail
from foundation import bus
from interactions.errors import NotAllowed
from interactions.models import Case
from proofs.imap_server import ImapServer, Inbox
from tests.channels_email.provider import provider

pytestmark = pytest.mark.django_db
__all__ = ["provider"]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox("support@nordhem.example", "not-a-secret")


@pytest.fixture
def imap(inbox, support, settings):
    """The mailbox stands at a server of this machine."""
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    with ImapServer(inbox) as server:
        support.imap_host, support.imap_port, support.imap_security = "127.0.0.1", server.port, "none"
        support.imap_password = inbox.password
        support.save()
        yield server


@pytest.fixture
def tried(ada, support, monkeypatch):
    """`tried()`: the steps of a trial, title to (state, words and advice)."""
    monkeypatch.setattr(module, "COMES_BACK", 0.3)
    monkeypatch.setattr(module, "LOOK", 0.05)

    def run() -> dict[str, tuple[str, str]]:
        trial = ask_trial(ada, support.pk)
        run_trial(trial.pk)
        trial.refresh_from_db()
        assert trial.finished_at
        return {step["title"]: (step["state"], f"{step['words']} {step['advice']}") for step in trial.steps}

    return run


def test_a_mailbox_that_works_is_ticked_from_the_name_to_the_mail_that_came_back(tried, imap, inbox, sink):
    delivered = sink.handle_DATA

    async def deliver(server, session, envelope):
        inbox.add(envelope.content)
        return await delivered(server, session, envelope)

    sink.handle_DATA = deliver
    steps = tried()
    assert {state for state, _ in steps.values()} == {"ok"}, steps
    assert list(steps)[-1] == "Get it back"
    assert "1 folders" in steps["Open the folder"][1]
    assert sink.mails()[0]["Auto-Submitted"] == "auto-generated"
    assert not Case.objects.exists()


def test_a_wrong_password_is_named_with_the_servers_words_and_what_to_do(tried, imap, inbox, sink):
    inbox.password = "another"
    state, words = tried()["Sign in to IMAP"]
    assert state == "failed"
    assert "Wrong user or password" in words
    assert "Check user and password" in words


@pytest.mark.parametrize(
    ("change", "step", "words"),
    [
        ({"imap_port": 1}, "Reach the IMAP server", "nobody listens at this port"),
        ({"imap_folder": "Archive"}, "Open the folder", "There are: INBOX"),
        ({"imap_host": "10.9.8.7"}, "Find the IMAP server", "OUTBOUND_PRIVATE_HOSTS=10.9.8.7"),
        ({"imap_security": "tls"}, "Encrypt to the IMAP server", "Choose STARTTLS"),
    ],
)
def test_what_is_wrong_with_the_way_in_is_said_at_its_step(tried, imap, support, sink, change, step, words):
    for name, value in change.items():
        setattr(support, name, value)
    support.save()
    steps = tried()
    assert steps[step][0] == "failed"
    assert words in steps[step][1]
    assert steps["Send a mail to itself"][0] == "ok"


def test_a_mail_that_does_not_come_back_is_told(tried, imap, sink):
    state, words = tried()["Get it back"]
    assert state == "failed"
    assert "spam folder" in words


def test_a_server_that_refuses_the_mail_is_quoted(tried, support, sink):
    sink.answers["MAIL"] = "550 5.7.1 Not yours"
    steps = tried()
    assert steps["Mail in by IMAP"][0] == "skipped"
    assert "550 5.7.1 Not yours" in steps["Send a mail to itself"][1]
    assert "Get it back" not in steps


def test_a_mail_that_comes_back_by_another_door_counts_and_opens_no_case(tried, support, sink, arrives):
    delivered = sink.handle_DATA
    came: list[bytes] = []

    async def deliver(server, session, envelope):
        came.append(envelope.content)
        return await delivered(server, session, envelope)

    sink.handle_DATA = deliver
    tried()
    raw = arrives(came[0]).raw
    assert (raw.state, raw.reason) == ("ignored", "sent from an address of ours")
    probe = MailboxTrial.objects.get()
    assert module._in_ledger(probe)
    assert not Case.objects.exists()


def test_a_trial_is_a_job_that_is_done_once_and_asked_for_by_administrators_only(support, ada, ana, sink, monkeypatch):
    monkeypatch.setattr(module, "COMES_BACK", 0.05)
    with pytest.raises(NotAllowed):
        ask_trial(ana, support.pk)
    trial = ask_trial(ada, support.pk)
    bus.drain()
    assert run_trial(trial.pk) is None
    assert MailboxTrial.objects.count() == 1
    assert len(sink.received) == 1
    assert not RawEmail.objects.exists()
