"""Customers' mail servers: they send each mail until somebody says that it is taken, as RFC 5321 wants it of them."""

from __future__ import annotations

import random
import smtplib
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP

CLIENTS = 6
AGAIN = 0.2  # seconds before the next try
TIMEOUT = 20.0


def mail(number: int, to: str, *, files: int = 0, host: str = "post.example") -> bytes:
    """The mail `number`: its Message-ID is `<number@proof.example>`."""
    written = EmailMessage(policy=SMTP)
    written["From"] = f"Customer {number} <customer{number}@{host}>"
    written["To"], written["Subject"] = to, f"Order {number}"
    written["Message-ID"] = f"<{number}@proof.example>"
    written["Date"] = "Tue, 10 Mar 2026 09:00:00 +0000"
    chance = random.Random(number)
    written.set_content(f"Where is order {number}?\n\n" + " ".join(chance.choices(("sofa", "lamp", "leg"), k=60)))
    for _ in range(files):
        written.add_attachment(chance.randbytes(3000), "image", "jpeg", filename="photo.jpg")
    return written.as_bytes()


class Senders:
    """Several clients side by side. `taken` counts what was answered with 250."""

    def __init__(self, port: int, mails: Sequence[bytes], to: str) -> None:
        self.port = port
        self.to = to
        self.left = list(reversed(mails))
        self.taken = 0
        self.tries = 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._send_all, daemon=True) for _ in range(CLIENTS)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def over(self) -> bool:
        return not any(thread.is_alive() for thread in self.threads)

    def _send_all(self) -> None:
        client: smtplib.SMTP | None = None
        while True:
            with self.lock:
                if not self.left:
                    return
                content = self.left.pop()
            while True:
                self.tries += 1
                try:
                    client = client or smtplib.SMTP("127.0.0.1", self.port, timeout=TIMEOUT)
                    client.sendmail("customer@post.example", [self.to], content)
                    break
                except (OSError, smtplib.SMTPException):
                    if client is not None:
                        with suppress(OSError):
                            client.close()
                    client = None
                    time.sleep(AGAIN)
            with self.lock:
                self.taken += 1
