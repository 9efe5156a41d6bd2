"""Reading a mailbox of a real Dovecot."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import OperationalError, connection

from channels_email.adapter import imap
from channels_email.adapter.imap import fetch_new, signed_in
from channels_email.adapter.imap_watch import Watch, _alone
from channels_email.enums import RawState
from channels_email.models import Mailbox, MailFolder, RawEmail
from foundation import bus
from interactions.models import Message
from tests.channels_email.dovecot import PASSWORD, USER
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(support, dovecot) -> Mailbox:
    support.imap_host, support.imap_port, support.imap_security = "127.0.0.1", dovecot.port, "none"
    support.imap_user, support.imap_password = USER, PASSWORD
    support.save()
    support.refresh_from_db()
    return support


def fetch(mailbox: Mailbox) -> int:
    with signed_in(mailbox) as session:
        return fetch_new(session, mailbox)


def test_a_new_mail_is_stored_then_marked_as_seen_and_not_taken_twice(mailbox, dovecot):
    dovecot.deliver(letter().as_bytes())

    assert fetch(mailbox) == 1
    raw = RawEmail.objects.get()
    assert (raw.door, raw.mailbox, raw.state) == ("imap", mailbox, RawState.RECEIVED)
    assert raw.uid == 1
    assert raw.uidvalidity
    assert b"Where is my order?" in bytes(raw.content)
    assert "\\Seen" in dovecot.flags()[0]

    assert fetch(mailbox) == 0
    bus.drain()
    assert Message.objects.filter(direction="in").count() == 1


def test_with_the_database_away_the_mail_stays_unseen_and_is_taken_later(mailbox, dovecot, monkeypatch):
    dovecot.deliver(letter().as_bytes())

    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as gone:
        gone.setattr(imap, "take_in", away)
        with pytest.raises(OperationalError):
            fetch(mailbox)
    assert "\\Seen" not in dovecot.flags()[0]
    assert not RawEmail.objects.exists()

    assert fetch(mailbox) == 1


def test_a_run_that_died_between_commit_and_mark_is_made_good(mailbox, dovecot, monkeypatch):
    dovecot.deliver(letter().as_bytes())
    with monkeypatch.context() as dying:
        dying.setattr(imap, "_mark_seen", lambda reading: None)
        fetch(mailbox)
    assert "\\Seen" not in dovecot.flags()[0]

    assert fetch(mailbox) == 0
    assert "\\Seen" in dovecot.flags()[0]
    assert RawEmail.objects.count() == 1


def test_after_the_server_renumbered_the_folder_nothing_is_taken_twice_and_nothing_is_missed(mailbox, dovecot):
    dovecot.deliver(letter("First").as_bytes())
    fetch(mailbox)
    before = MailFolder.objects.get().uidvalidity

    dovecot.renumber()
    dovecot.deliver(letter("Second", message_id="<2@post.example>").as_bytes())

    assert fetch(mailbox) == 1
    assert MailFolder.objects.get().uidvalidity != before
    assert sorted("Second" in bytes(raw.content).decode() for raw in RawEmail.objects.all()) == [False, True]


def test_a_mail_that_was_renumbered_before_it_was_marked_is_marked_by_its_new_number(mailbox, dovecot, monkeypatch):
    dovecot.deliver(letter().as_bytes())
    with monkeypatch.context() as dying:
        dying.setattr(imap, "_mark_seen", lambda reading: None)
        fetch(mailbox)
    dovecot.renumber()

    assert fetch(mailbox) == 0
    assert "\\Seen" in dovecot.flags()[0]
    assert RawEmail.objects.get().uidvalidity == MailFolder.objects.get().uidvalidity


def test_a_run_that_died_halfway_through_a_renumbered_folder_takes_nothing_twice(mailbox, dovecot, monkeypatch):
    for number in range(3):
        dovecot.deliver(letter(f"Number {number}", message_id=f"<{number}@post.example>").as_bytes())
    assert fetch(mailbox) == 3
    dovecot.renumber()

    met = []

    def die_at_the_second(reading, origin, content):
        met.append(origin.uid)
        if len(met) == 2:
            raise OperationalError("server closed the connection unexpectedly")
        return renumbered(reading, origin, content)

    renumbered = imap._renumbered
    with monkeypatch.context() as dying:
        dying.setattr(imap, "_renumbered", die_at_the_second)
        with pytest.raises(OperationalError):
            fetch(mailbox)

    assert fetch(mailbox) == 0
    assert RawEmail.objects.count() == 3
    assert set(RawEmail.objects.values_list("uidvalidity", flat=True)) == {MailFolder.objects.get().uidvalidity}


def test_over_size_stays_in_the_mailbox_unread_with_a_ledger_row(mailbox, dovecot, settings):
    settings.MAIL_MAX_BYTES = 1000
    dovecot.deliver(letter("x" * 2000).as_bytes())
    dovecot.deliver(letter().as_bytes())

    assert fetch(mailbox) == 1
    assert sorted(RawEmail.objects.values_list("state", flat=True)) == ["received", "refused"]
    assert "\\Seen" not in dovecot.flags()[0]
    assert "\\Seen" in dovecot.flags()[1]
    assert fetch(mailbox) == 0


def test_a_watcher_hears_of_a_mail_at_once_and_ends_when_told(mailbox, dovecot):
    stop = threading.Event()
    watcher = threading.Thread(target=Watch(mailbox.pk, stop).run)
    watcher.start()
    try:
        _until(MailFolder.objects.exists)
        dovecot.deliver(letter().as_bytes())
        _until(RawEmail.objects.exists)
    finally:
        stop.set()
        watcher.join(timeout=20)
    assert not watcher.is_alive()
    assert RawEmail.objects.count() == 1


def test_a_mailbox_that_cannot_be_read_says_why(mailbox):
    Mailbox.objects.update(imap_password="")
    stop = threading.Event()
    watcher = threading.Thread(target=Watch(mailbox.pk, stop).run)
    watcher.start()
    try:
        _until(lambda: Mailbox.objects.exclude(trouble="").exists())
        words = Mailbox.objects.get().trouble
        assert words.startswith("The server does not let us in: [AUTHENTICATIONFAILED]")
        assert "Check user and password." in words
    finally:
        stop.set()
        watcher.join(timeout=20)
    assert not RawEmail.objects.exists()


def test_two_watchers_never_read_the_same_mailbox(mailbox):
    seen: list[bool] = []

    def try_too() -> None:
        with _alone(mailbox) as alone:
            seen.append(alone)
        connection.close()

    with _alone(mailbox) as alone:
        other = threading.Thread(target=try_too)
        other.start()
        other.join()
    assert (alone, seen) == (True, [False])


def test_a_stored_password_cannot_be_read_from_the_table(mailbox):
    with connection.cursor() as cursor:
        cursor.execute("SELECT imap_password FROM channels_email_mailbox")
        stored = cursor.fetchone()[0]
    assert PASSWORD not in stored
    assert Mailbox.objects.get().imap_password == PASSWORD


def _until(holds, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        threading.Event().wait(0.05)
