"""Mails as a shop gets them: plain, with HTML, with files; new ones, and answers that find their case in three ways."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

TEXT = """order delivery sofa table invoice refund broken screw missing wrong colour date address change thank you
please when will it arrive the lamp does not work größer livré förra veckan naïve parcel pick up store receipt"""
WORDS = TEXT.split()
NAMES = ("Carla Nyström", "Dev Patel", "Zoë Ångström", "Jürgen Groß", "Anaïs Lefèvre", "Mary O'Neill", "李 小龙")
PLAIN, HTML = 34, 32  # per cent of all; the rest also has files
BEGAN = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Sent:
    """A mail as its writer sent it."""

    content: bytes
    sender: str
    subject: str
    message_id: str  # in brackets
    to: str


class Writers:
    """All mails of one seed are distinct; the same seed writes the same."""

    def __init__(self, seed: int, to: str) -> None:
        self.seed, self.to = seed, to
        self.chance = random.Random(seed)
        self.number = 0

    def new(self) -> Sent:
        sender = f"customer{self.seed}.{self.number}@post{self.number % 50}.example"
        return self._send(sender, " ".join(self.chance.choices(WORDS, k=5)), {})

    def answer(self, to: str, first: Sent, *, in_reply_to: str = "", references: Sequence[str] = ()) -> Sent:
        """An answer in the thread that `first` began, sent to the address `to`."""
        fields = {"To": to, "In-Reply-To": in_reply_to, "References": " ".join(references)}
        return self._send(first.sender, f"Re: {first.subject}", fields)

    def _send(self, sender: str, subject: str, fields: dict[str, str]) -> Sent:
        message_id = f"<{self.seed}.{self.number}@post.example>"
        at = format_datetime(BEGAN + timedelta(seconds=self.number))
        mail = EmailMessage(policy=SMTP)
        mail["Received"] = f"from relay.example by mx.example; {at}"
        mail["From"], mail["Subject"] = f"{self.chance.choice(NAMES)} <{sender}>", subject
        mail["Message-ID"], mail["Date"] = message_id, at
        for name, value in {"To": self.to, **fields}.items():
            if value:
                mail[name] = value
        _write(mail, self.chance)
        self.number += 1
        return Sent(mail.as_bytes(), sender, subject, message_id, fields.get("To", self.to))


def body(chance: random.Random) -> str:
    return "\n\n".join(" ".join(chance.choices(WORDS, k=40)) for _ in range(chance.randint(1, 8)))


def _write(mail: EmailMessage, chance: random.Random) -> None:
    text = body(chance)
    mail.set_content(text)
    kind = chance.randint(1, 100)
    if kind > PLAIN:
        paragraphs = "".join(f"<p style='color:#333'>{part}</p>" for part in text.split("\n\n"))
        mail.add_alternative(f"<html><body><table><tr><td>{paragraphs}</td></tr></table></body></html>", subtype="html")
    if kind > PLAIN + HTML:
        for _ in range(chance.choice((1, 1, 2))):
            mail.add_attachment(chance.randbytes(chance.randint(2_000, 60_000)), "image", "jpeg", filename="photo.jpg")
