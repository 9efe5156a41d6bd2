"""The servers of scenes end cleanly, whatever their guests do in the same moment."""

from __future__ import annotations

import gc
import smtplib
import socket
import threading
import time
from contextlib import ExitStack

import pytest
from aiosmtpd.smtp import SMTP

from tests.event_loop import Loop, port_of


class Taking:
    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - called by name
        return "250 taken"


@pytest.fixture
def loop():
    loop = Loop()
    yield loop
    if loop.thread.is_alive():
        loop.close()


@pytest.fixture
def server(loop):
    return loop.listen(lambda: SMTP(Taking(), hostname="sink.example", loop=loop.loop))


def guest(server) -> socket.socket:
    """Somebody who was greeted."""
    client = socket.create_connection(("127.0.0.1", port_of(server)), timeout=10)
    assert client.recv(100).startswith(b"220")
    return client


def test_the_last_guest_may_leave_while_the_server_closes(loop, server, monkeypatch):
    client, stop_serving = guest(server), loop.loop._stop_serving

    def the_guest_leaves_meanwhile(listening) -> None:
        stop_serving(listening)
        client.close()
        deadline = time.monotonic() + 5
        while server._active_count and threading.current_thread() is not loop.thread and time.monotonic() < deadline:
            time.sleep(0.001)

    monkeypatch.setattr(loop.loop, "_stop_serving", the_guest_leaves_meanwhile)
    loop.end(server)

    assert not server.is_serving()
    assert server._active_count == 0


@pytest.mark.parametrize("point", ["at the door", "greeted", "in the middle of a mail", "gone", "none at all"])
def test_a_server_ends_at_whatever_point_its_guest_is(loop, server, point):
    port = port_of(server)
    with ExitStack() as guests:
        if point == "at the door":
            loop.loop.call_soon_threadsafe(time.sleep, 0.05)  # the loop looks elsewhere while the guest rings
            guests.enter_context(socket.create_connection(("127.0.0.1", port)))
        elif point == "in the middle of a mail":
            client = guests.enter_context(guest(server))
            for line in (b"HELO there", b"MAIL FROM:<a@post.example>", b"RCPT TO:<b@post.example>", b"DATA"):
                client.sendall(line + b"\r\n")
                assert client.recv(100)[:1] in b"23"
            client.sendall(b"Subject: half\r\n")
        elif point != "none at all":
            client = guests.enter_context(guest(server))
            if point == "gone":
                client.close()
        loop.end(server)
        loop.close()

    gc.collect()  # a connection left open would be told of here, and every warning is an error
    assert not loop.thread.is_alive()
    assert server._active_count == 0
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_server_takes_mail_before_it_ends(server):
    with smtplib.SMTP("127.0.0.1", port_of(server), timeout=10) as client:
        assert client.sendmail("a@post.example", ["b@post.example"], b"Subject: whole\r\n\r\nHello\r\n") == {}
