"""The product as `make demo` starts it, in its own folder, without simulated people; its outgoing mail comes here."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from queue import Queue
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from tests.event_loop import Loop, port_of

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Sink:
    """The customers' mail server: takes every letter and keeps it in the order of arrival."""

    letters: Queue[EmailMessage] = field(default_factory=Queue)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.letters.put(message_from_bytes(content, policy=policy.default))
        return "250 taken"

    def next_letter(self, to: str, seconds: float = 40) -> EmailMessage:
        """The next letter to this address. Raises queue.Empty when none comes in time."""
        deadline = time.monotonic() + seconds
        while True:
            letter = self.letters.get(timeout=max(0.1, deadline - time.monotonic()))
            if to in str(letter["To"]):
                return letter


@dataclass(frozen=True)
class Demo:
    facts: dict[str, Any]
    sink: Sink

    @property
    def url(self) -> str:
        return str(self.facts["url"])

    def mail(self, sender: str, subject: str, text: str, **headers: str) -> EmailMessage:
        """Sends a letter to the demo's mailbox with an ordinary SMTP client; the letter as it was sent."""
        letter = EmailMessage()
        letter["From"] = sender
        letter["To"] = headers.pop("to", self.facts["mailbox"])
        letter["Subject"] = subject
        letter["Date"] = formatdate(localtime=True)
        letter["Message-ID"] = make_msgid(domain="post.example")
        for name, value in headers.items():
            letter[name.replace("_", "-")] = value
        letter.set_content(text)
        with smtplib.SMTP(self.facts["smtp"]["host"], self.facts["smtp"]["port"], timeout=10) as client:
            client.send_message(letter)
        return letter


@contextmanager
def running_demo(home: Path) -> Iterator[Demo]:
    """Starts it, waits until it says where it is, and ends it with SIGINT as Ctrl-C does."""
    sink = Sink()
    loop = Loop()
    server = loop.listen(lambda: SMTP(sink, enable_SMTPUTF8=True, hostname="sink.example", loop=loop.loop))
    env = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "TEST_DATABASE"}
    }
    env |= {
        "CONTACTCENTER_HOME": str(home),
        "PORT": str(free_port()),
        "SMTP_PORT": str(free_port()),
        "SOCKETS_PORT": str(free_port()),
        "SMTP_OUT_HOST": LOOPBACK,
        "SMTP_OUT_PORT": str(port_of(server)),
        "SIMULATOR": "off",
        "DJANGO_SETTINGS_MODULE": "contactcenter.settings",
    }
    log = home / "demo.log"
    home.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "contactcenter.local", "demo"],
            cwd=settings.BASE_DIR,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Demo(_facts(home, process, log), sink)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        loop.close()


def _facts(home: Path, process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    written = home / "demo.json"
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if written.exists():
            facts: dict[str, Any] = json.loads(written.read_text())
            return facts
        time.sleep(0.2)  # another process starts; there is nothing here to be told by
    raise AssertionError(f"the demo did not start:\n{log.read_text(errors='replace')[-4000:]}")
