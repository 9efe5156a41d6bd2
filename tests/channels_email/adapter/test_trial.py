"""Trying a mailbox against real servers: each step that works is ticked, each that does not is explained."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from channels_email.adapter import trial as module
from channels_email.adapter.trial import look_for_return, run_trial
from channels_email.domain.trials import LIFE, ask_trial, latest_trial
from channels_email.models import Mailbox, MailboxTrial, RawEmail
from foundation import bus
from foundation.outbox.models import OutboxRow
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
def tried(ada, support, tuesday):
    """`tried()`: the steps of a trial that is over, title to (state, words and advice)."""

    def run() -> dict[str, tuple[str, str]]:
        trial = ask_trial(ada, support.pk)
        bus.drain()
        for pause in module.PAUSES:
            tuesday.advance(timedelta(seconds=pause))
            bus.drain()
        trial.refresh_from_db()
        assert trial.finished_at
        assert not OutboxRow.objects.exists()
        return told(trial)

    return run


def told(trial: MailboxTrial) -> dict[str, tuple[str, str]]:
    return {step["title"]: (step["state"], f"{step['words']} {step['advice']}") for step in trial.steps}


@contextmanager
def says(words: bytes) -> Iterator[int]:
    """The port of something that says this to whoever comes, and hangs up."""

    class Greets(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(words)
            self.request.recv(1000)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greets) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


def test_a_mailbox_that_works_is_ticked_from_the_name_to_the_mail_that_came_back(tried, imap, inbox, sink):
    delivered = sink.handle_DATA

    async def deliver(server, session, envelope):
        inbox.add(envelope.content)
        return await delivered(server, session, envelope)

    sink.handle_DATA = deliver
    steps = tried()
    assert {state for state, _ in steps.values()} == {"ok"}, steps
    assert list(steps)[-1] == "Get it back"
    assert "1 folder in all" in steps["Open the folder"][1]
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
        ({"imap_security": "tls"}, "Encrypt to the IMAP server", "port and protection do not fit. Choose STARTTLS"),
        ({"imap_security": "starttls"}, "Sign in to IMAP", "offers no STARTTLS"),
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
    assert steps["Get it back"] == ("skipped", "Not waited for, as the mailbox cannot be read. ")


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n", b"220 hi\r\n"])
def test_what_does_not_speak_imap_is_called_so_without_the_programs_words(tried, imap, support, sink, greeting):
    with says(greeting) as port:
        Mailbox.objects.update(imap_port=port)
        state, words = tried()["Sign in to IMAP"]
    assert state == "failed"
    assert f"What answers at 127.0.0.1, port {port}, is no IMAP server." in words
    assert "abort" not in words
    assert "b'" not in words


def test_what_does_not_speak_smtp_is_called_so_too(tried, support, settings):
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    with says(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        Mailbox.objects.update(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
        state, words = tried()["Send a mail to itself"]
    assert state == "failed"
    assert "is no SMTP server" in words


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


def test_a_mail_that_comes_back_by_another_door_ends_the_trial_and_opens_no_case(ada, support, sink, arrives, tuesday):
    delivered = sink.handle_DATA
    came: list[bytes] = []

    async def deliver(server, session, envelope):
        came.append(envelope.content)
        return await delivered(server, session, envelope)

    sink.handle_DATA = deliver
    trial = ask_trial(ada, support.pk)
    bus.drain()
    trial.refresh_from_db()
    assert told(trial)["Get it back"][0] == "running"

    tuesday.advance(timedelta(seconds=7))
    raw = arrives(came[0]).raw
    assert (raw.state, raw.reason) == ("ignored", "sent from an address of ours")
    trial.refresh_from_db()
    assert trial.finished_at
    assert told(trial)["Get it back"] == ("ok", "It came back after 7 s: mail comes and goes. ")
    assert not Case.objects.exists()


def test_a_strangers_mail_that_bears_a_mark_of_ours_ends_no_trial_but_the_one_it_names(
    ada, support, orders, sink, arrives
):
    other = Mailbox.objects.create(address="other@nordhem.example", queue=orders)
    trials = [ask_trial(ada, support.pk), ask_trial(ada, other.pk)]
    bus.drain()
    arrives(f"Message-ID: <trial.{trials[0].pk.hex}@x.example>\nFrom: m@x.example\n\nHi".encode())
    arrives(b"Message-ID: <trial.00000000000000000000000000000000@x.example>\nFrom: m@x.example\n\nHi")
    assert list(MailboxTrial.objects.open()) == [trials[1]]


def test_a_trial_is_a_job_that_is_done_once_and_asked_for_by_administrators_only(support, ada, ana, sink):
    with pytest.raises(NotAllowed):
        ask_trial(ana, support.pk)
    trial = ask_trial(ada, support.pk)
    bus.drain()
    assert run_trial(trial.pk) is None
    assert MailboxTrial.objects.count() == 1
    assert len(sink.received) == 1
    assert not RawEmail.objects.exists()


def test_while_it_waits_no_worker_is_held_and_looks_are_put_off(ada, support, sink, tuesday, imap):
    trial = ask_trial(ada, support.pk)
    assert bus.drain() == 1  # comes back at once, though the mail does not
    trial.refresh_from_db()
    assert trial.finished_at is None
    owed = OutboxRow.objects.get()
    assert owed.queue == "bulk"
    assert owed.run_after == tuesday.moment + timedelta(seconds=module.PAUSES[0])

    tuesday.advance(timedelta(seconds=module.PAUSES[0]))
    assert bus.drain() == 1
    look_for_return(trial.pk, 0)  # the same look again asks for no further one
    trial.refresh_from_db()
    assert trial.looks == 1
    assert OutboxRow.objects.get().run_after == tuesday.moment + timedelta(seconds=module.PAUSES[1])


def test_a_trial_that_nobody_ends_is_given_up_and_another_may_begin(ada, support, sink, tuesday):
    trial = ask_trial(ada, support.pk)
    MailboxTrial.objects.update(steps=[{"title": "Sign in to IMAP", "state": "running", "words": "", "advice": ""}])
    tuesday.advance(LIFE - timedelta(seconds=1))
    assert latest_trial(support.pk).finished_at is None
    assert ask_trial(ada, support.pk) == trial

    tuesday.advance(timedelta(seconds=2))
    given_up = latest_trial(support.pk)
    assert given_up.finished_at
    assert told(given_up)["Sign in to IMAP"] == (
        "failed",
        "It stopped halfway. Press Test again. If it stops again, is a worker running?",
    )
    assert run_trial(trial.pk) is None  # a worker that comes after all finds it over
    assert sink.received == []
    assert ask_trial(ada, support.pk) != trial


@pytest.mark.django_db(transaction=True)
def test_however_often_and_at_once_it_is_asked_for_one_trial_runs(ada, support):
    together = threading.Barrier(5)
    asked: list[MailboxTrial] = []

    def press() -> None:
        together.wait(10)
        try:
            asked.append(ask_trial(ada, support.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert {trial.pk for trial in asked} == {MailboxTrial.objects.get().pk}
    assert len(asked) == 5
    assert OutboxRow.objects.count() == 1
