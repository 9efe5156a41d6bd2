"""Servers and clients that speak the real protocols, on free ports of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from django.db import connection

from channels_email.adapter.listener import listen
from tests.event_loop import Loop, port_of


@pytest.fixture
def event_loop_thread() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def smtp_port(event_loop_thread, transactional_db) -> Iterator[int]:
    """Our listener, listening."""
    server, listener = event_loop_thread.run(listen("127.0.0.1", 0))
    yield port_of(server)
    event_loop_thread.end(server)
    close_sessions(listener.pool)


def close_sessions(pool: ThreadPoolExecutor) -> None:
    """Ends the pool and its threads' database sessions, which would outlive them and keep the database from going."""
    threads = len(pool._threads)
    together = threading.Barrier(max(1, threads))

    def close() -> None:
        together.wait(timeout=10)
        connection.close()

    for _ in range(threads):
        pool.submit(close)
    pool.shutdown()


@dataclass
class Sink:
    """A mailbox elsewhere: keeps what it is sent, and answers as it is told to."""

    answers: dict[str, str] = field(default_factory=dict)
    hang_up_at: str = ""
    received: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    port: int = 0

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for content in self.received]  # type: ignore[misc]

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - called by name
        return self._answer(server, "MAIL") or _accept_sender(envelope, address)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - called by name
        answer = self._answer(server, "RCPT") or self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - called by name
        answer = self._answer(server, "DATA") or "250 kept"
        if answer.startswith("250") or self.hang_up_at == "DATA":
            self.received.append(envelope.content)
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return answer

    def _answer(self, server: SMTP, step: str) -> str:
        if self.hang_up_at == step:
            server.transport.abort()
            return "421 gone"
        return self.answers.get(step, "")


def _accept_sender(envelope: Any, address: str) -> str:
    envelope.mail_from = address
    return "250 OK"


@pytest.fixture
def sink(event_loop_thread, settings) -> Sink:
    """A server that takes our mail, as the installation's outgoing server."""
    sink = Sink()

    server = event_loop_thread.listen(
        lambda: SMTP(sink, enable_SMTPUTF8=True, hostname="sink.example", loop=event_loop_thread.loop)
    )
    sink.port = port_of(server)
    settings.SMTP_OUT_HOST, settings.SMTP_OUT_PORT = "127.0.0.1", sink.port
    settings.SMTP_OUT_SECURITY, settings.SMTP_OUT_USER = "none", ""
    return sink
