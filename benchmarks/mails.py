"""Mails as a shop gets them: plain, with HTML, with files; three of ten answer an earlier one."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

WORDS = [
    "order",
    "delivery",
    "sofa",
    "table",
    "invoice",
    "refund",
    "broken",
    "screw",
    "missing",
    "wrong",
    "colour",
    "date",
    "address",
    "change",
    "thank",
    "you",
    "please",
    "when",
    "will",
    "it",
    "arrive",
    "the",
    "lamp",
    "does",
    "not",
    "work",
    "größer",
    "livré",
    "förra",
    "veckan",
    "naïve",
    "parcel",
    "pick",
    "up",
    "store",
    "receipt",
    "warranty",
]
NAMES = ("Carla Nyström", "Dev Patel", "Zoë Ångström", "Jürgen Groß", "Anaïs Lefèvre", "Mary O'Neill", "李 小龙")
PLAIN, HTML, FILES = 34, 32, 34  # per cent of all


def mails(count: int, to: str, *, seed: int = 1) -> Iterator[bytes]:
    chance = random.Random(seed)
    began = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
    written: list[tuple[str, str, str]] = []
    for number in range(count):
        answers = chance.choice(written) if written and chance.random() < 0.3 else None
        sender = answers[0] if answers else f"customer{seed}.{number}@post{number % 50}.example"
        message_id = f"<{seed}.{number}@post.example>"
        subject = answers[1] if answers else " ".join(chance.choices(WORDS, k=5))
        mail = EmailMessage(policy=SMTP)
        mail["Received"] = f"from relay.example by mx.example; {format_datetime(began)}"
        mail["From"] = f"{chance.choice(NAMES)} <{sender}>"
        mail["To"], mail["Subject"], mail["Message-ID"] = to, f"Re: {subject}" if answers else subject, message_id
        mail["Date"] = format_datetime(began + timedelta(seconds=number))
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers[2]
        _write(mail, chance)
        written.append((sender, subject, message_id))
        yield mail.as_bytes()


def _write(mail: EmailMessage, chance: random.Random) -> None:
    text = "\n\n".join(" ".join(chance.choices(WORDS, k=40)) for _ in range(chance.randint(1, 8)))
    mail.set_content(text)
    kind = chance.randint(1, 100)
    if kind > PLAIN:
        paragraphs = "".join(f"<p style='color:#333'>{part}</p>" for part in text.split("\n\n"))
        mail.add_alternative(f"<html><body><table><tr><td>{paragraphs}</td></tr></table></body></html>", subtype="html")
    if kind > PLAIN + HTML:
        for _ in range(chance.choice((1, 1, 2))):
            mail.add_attachment(chance.randbytes(chance.randint(2_000, 60_000)), "image", "jpeg", filename="photo.jpg")
