"""The answered message below an answer. Of a stranger's message only what they wrote themselves, never a history."""

from __future__ import annotations

from html import escape

from foundation import markup
from interactions.enums import Party
from interactions.models import Message

MAX_LENGTH = 50_000


def quoted_text(message: Message) -> str:
    lines = _body(message).splitlines()
    return "\n".join([f"{_introduction(message)}", *(f"> {line}" if line else ">" for line in lines)])


def quoted_html(message: Message) -> str:
    """As the customer laid it out, where that can be repeated without its pictures; else from the text."""
    whole = message.html if message.party != Party.STRANGER and len(message.html) <= MAX_LENGTH else ""
    body = markup.clean(whole) if whole and "cid:" not in whole else markup.from_text(_body(message))
    return f"<p>{escape(_introduction(message))}</p><blockquote>{body}</blockquote>"


def forwarded_text(message: Message) -> str:
    """The whole message for somebody who does not know it, below who wrote it when to whom."""
    return "\n".join(["---------- Forwarded message ----------", *_heading(message), "", _body(message)])


def forwarded_html(message: Message) -> str:
    body = message.html if "cid:" not in message.html and len(message.html) <= MAX_LENGTH else ""
    shown = markup.clean(body) if body else markup.from_text(_body(message))
    lines = "<br>".join(escape(line) for line in ("---------- Forwarded message ----------", *_heading(message)))
    return f"<p>{lines}</p><blockquote>{shown}</blockquote>"


def _heading(message: Message) -> list[str]:
    named = f"{message.sender_name} <{message.sender_address}>" if message.sender_address else message.sender_name
    to = ", ".join(line["address"] for line in message.to)
    lines = [
        f"From: {named}",
        f"Date: {message.occurred_at:%Y-%m-%d %H:%M} UTC",
        f"Subject: {message.subject}",
        f"To: {to}" if to else "",
    ]
    return [" ".join(line.split()) for line in lines if line]


def _body(message: Message) -> str:
    text = message.reply_text if message.party == Party.STRANGER else message.text or message.reply_text
    return text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}\n[…]"


def _introduction(message: Message) -> str:
    who = " ".join((message.sender_name or message.sender_address).split())
    return f"On {message.occurred_at:%Y-%m-%d at %H:%M} UTC, {who} wrote:"
