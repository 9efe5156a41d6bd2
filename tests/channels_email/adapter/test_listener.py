"""A real SMTP client against the real listener and a real database."""

from __future__ import annotations

import smtplib

import pytest
from django.db import connections

from channels_email.adapter.listener import listen
from channels_email.enums import RawState
from channels_email.models import RawEmail
from foundation import bus
from interactions.models import Message
from tests.channels_email.letters import letter
from tests.channels_email.servers import close_sessions
from tests.event_loop import port_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def send(smtp_port, support):
    def send(content: bytes | None = None, *, to: str = "support@nordhem.example", **options: object):
        with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as client:
            return client.sendmail("carla@post.example", [to], content or letter().as_bytes(), **options)

    return send


def test_a_mail_is_kept_before_it_is_answered_for(send):
    send()

    raw = RawEmail.objects.get()
    assert (raw.door, raw.state) == ("smtp", RawState.RECEIVED)
    assert (raw.sender, raw.recipients) == ("carla@post.example", ["support@nordhem.example"])
    assert b"Where is my order?" in bytes(raw.content)
    assert "127.0.0.1" in raw.source

    bus.drain()
    assert Message.objects.get(direction="in").sender_address == "carla@post.example"


def test_addresses_that_are_not_ours_are_refused(send):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(to="postmaster@elsewhere.example")

    assert refused.value.recipients["postmaster@elsewhere.example"][0] == 550
    assert not RawEmail.objects.exists()


def test_a_signed_reply_address_is_ours(send):
    send(to="support+9wb.aaaaaaaaaaaaaaaa@nordhem.example")

    assert RawEmail.objects.get().recipients == ["support+9wb.aaaaaaaaaaaaaaaa@nordhem.example"]


def test_over_size_is_refused_with_552_and_a_ledger_row(send, settings):
    settings.MAIL_MAX_BYTES = 70_000
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        send(letter("x" * 69 * 1100, cte="8bit").as_bytes())

    assert refused.value.smtp_code == 552
    row = RawEmail.objects.get()
    assert (row.state, row.sender, bytes(row.content)) == (RawState.REFUSED, "carla@post.example", b"")
    assert row.size > 70_000


def test_over_size_that_was_not_declared_is_refused_with_552_and_a_ledger_row(smtp_port, support, settings):
    settings.MAIL_MAX_BYTES = 70_000
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as client:
        client.helo("old.example")
        client.mail("carla@post.example")
        client.rcpt("support@nordhem.example")
        code, _ = client.data(b"Subject: much\r\n\r\n" + b"line of text\r\n" * 6000)

    assert code == 552
    row = RawEmail.objects.get()
    assert (row.state, row.recipients) == (RawState.REFUSED, ["support@nordhem.example"])


def test_a_line_longer_than_the_standard_allows_is_taken(send):
    send(b"From: carla@post.example\r\nTo: support@nordhem.example\r\n\r\n" + b"word " * 40_000 + b"\r\n")

    bus.drain()
    assert RawEmail.objects.get().state == RawState.MESSAGE


class TestBareLineFeeds:
    """Some programs end lines with a line feed alone: to SMTP the whole mail is then one line."""

    @pytest.fixture
    def post(self, smtp_port, support):
        """Sends the bytes as they are; smtplib would mend them."""

        def post(content: bytes) -> int:
            with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as client:
                client.helo("old.example")
                client.mail("carla@post.example")
                client.rcpt("support@nordhem.example")
                client.docmd("DATA")
                client.send(content + b"\r\n.\r\n")
                code, _ = client.getreply()
                assert client.noop()[0] == 250  # and the conversation goes on
            return code

        return post

    def test_a_mail_with_an_attachment_is_taken_whole(self, post):
        mail = letter()
        mail.add_attachment(b"%PDF" + bytes(1_500_000), maintype="application", subtype="pdf", filename="bill.pdf")
        content = mail.as_bytes()
        assert (b"\r" in content, len(content) > 2_000_000) == (False, True)

        assert post(content) == 250

        assert bytes(RawEmail.objects.get().content) == content + b"\r\n"
        bus.drain()
        message = Message.objects.get(direction="in")
        assert "Where is my order?" in message.text
        assert message.attachments.get().size == 1_500_004

    def test_over_size_is_refused_with_552_and_a_ledger_row(self, post, settings):
        settings.MAIL_MAX_BYTES = 700_000
        assert post(b"Subject: much\n\n" + b"line of text\n" * 100_000) == 552

        row = RawEmail.objects.get()
        assert (row.state, row.reason, bytes(row.content)) == (RawState.REFUSED, "larger than we take", b"")
        assert (row.sender, row.recipients) == ("carla@post.example", ["support@nordhem.example"])
        assert row.size > 1_300_000

    def test_a_bare_line_feed_and_a_dot_smuggle_nothing_in(self, post):
        smuggled = b"MAIL FROM:<ceo@nordhem.example>\r\nRCPT TO:<support@nordhem.example>\r\nDATA\r\nPay him\r\n"
        assert post(b"Subject: one\n\nHello\n.\r\n" + smuggled) == 250

        row = RawEmail.objects.get()
        assert (row.sender, b"Pay him" in bytes(row.content)) == ("carla@post.example", True)


def test_a_mail_that_ends_while_the_listener_ends_is_asked_for_again(event_loop_thread, transactional_db, support):
    server, listener = event_loop_thread.run(listen("127.0.0.1", 0))
    with smtplib.SMTP("127.0.0.1", port_of(server), timeout=10) as client:
        client.ehlo()
        client.mail("carla@post.example")
        client.rcpt("support@nordhem.example")
        close_sessions(listener.pool)  # as `listen_mail` does when it is told to stop
        code, _ = client.data(letter().as_bytes())
    event_loop_thread.end(server)

    assert code == 451
    assert not RawEmail.objects.exists()


def test_with_the_database_away_the_sender_is_told_451_and_nothing_is_lost(send, monkeypatch):
    with monkeypatch.context() as away:
        away.setitem(connections.databases["default"], "PORT", 1)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send()
        assert refused.value.recipients["support@nordhem.example"][0] == 451

    send()
    assert RawEmail.objects.count() == 1


def test_a_database_that_goes_away_after_the_recipient_was_taken_gives_451_too(smtp_port, support, monkeypatch):
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as client, monkeypatch.context() as away:
        client.ehlo()
        client.mail("carla@post.example")
        client.rcpt("support@nordhem.example")
        _cut_all_connections()
        away.setitem(connections.databases["default"], "PORT", 1)
        code, _ = client.data(letter().as_bytes())

    assert code == 451
    assert not RawEmail.objects.exists()


def _cut_all_connections() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_with_valkey_away_mail_is_received_stored_and_understood(send, settings):
    nowhere = "redis://127.0.0.1:1/0"
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [nowhere]}}
    }
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": nowhere}}

    send()
    bus.drain()

    assert RawEmail.objects.get().state == RawState.MESSAGE


def test_more_guests_than_allowed_are_asked_to_come_later(smtp_port, support, settings):
    settings.SMTP_CONNECTIONS = 1
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10):
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", smtp_port, timeout=10)
        assert refused.value.smtp_code == 421
    assert not RawEmail.objects.exists()
