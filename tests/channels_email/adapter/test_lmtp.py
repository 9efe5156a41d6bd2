"""A mail server of our own delivers by LMTP: on a port and on a socket file, an answer for each recipient."""

from __future__ import annotations

import smtplib
import stat
import tempfile
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from channels_email.adapter.lmtp import listen_lmtp
from channels_email.models import RawEmail
from contactcenter import environment
from foundation import bus
from interactions.models import Message
from tests.channels_email.letters import letter
from tests.channels_email.servers import close_sessions
from tests.event_loop import port_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listening(event_loop_thread):
    """`listening(where)`: our LMTP listener there; its server."""
    pools = []

    def listen(where: str):
        server, listener = event_loop_thread.run(listen_lmtp(where))
        event_loop_thread.servers.append(server)
        pools.append(listener.pool)
        return server

    yield listen
    for pool in pools:
        close_sessions(pool)


def test_two_recipients_get_two_answers_and_the_mail_is_one(listening, support):
    port = port_of(listening("127.0.0.1:0"))
    with smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo("mta.example")
        client.mail("carla@post.example")
        for to in ("support@nordhem.example", "support+more@nordhem.example"):
            assert client.rcpt(to)[0] == 250
        assert client.rcpt("nobody@nordhem.example")[0] == 550
        code, _ = client.data(letter().as_bytes())
        second, _ = client.getreply()
        assert (code, second) == (250, 250)
        assert client.noop()[0] == 250
    raw = RawEmail.objects.get()
    assert (raw.door, raw.sender) == ("lmtp", "carla@post.example")
    assert raw.recipients == ["support@nordhem.example", "support+more@nordhem.example"]
    bus.drain()
    assert Message.objects.filter(direction="in").count() == 1


def test_a_socket_file_is_made_anew_and_not_for_everybody(listening, support):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lmtp"
        path.touch()  # left behind by somebody who died
        listening(str(path))
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with smtplib.LMTP(str(path)) as client:
            client.sendmail("carla@post.example", ["support@nordhem.example"], letter().as_bytes())
    assert RawEmail.objects.get().door == "lmtp"


def test_who_speaks_smtp_is_told(listening, support):
    port = port_of(listening("127.0.0.1:0"))
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        assert client.docmd("EHLO", "x.example")[0] == 500
    assert not RawEmail.objects.exists()


@pytest.mark.parametrize("wrong", ["nonsense", "127.0.0.1:0x", "127.0.0.1:70000", "/" + "x" * 120])
def test_a_place_that_cannot_be_is_named_with_its_variable(monkeypatch, wrong):
    monkeypatch.setenv("LMTP_LISTEN", wrong)
    with pytest.raises(ImproperlyConfigured, match="LMTP_LISTEN"):
        environment.read("LMTP_LISTEN", "", environment.lmtp_place)
