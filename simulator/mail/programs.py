"""The manners of mail programs: how each builds a mail, and how it quotes the one that is answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from simulator.mail.draft import Answered, Draft
from simulator.world import letters

Program = Callable[[EmailMessage, Draft], None]


def compose(draft: Draft) -> bytes:
    """The mail's bytes, as the program that this person always uses writes them."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _mailbox(draft.name, draft.address)
    mail["To"] = draft.to
    mail["Subject"] = " ".join(draft.subject.split())
    mail["Date"] = format_datetime(draft.at)
    mail["Message-ID"] = f"<{draft.message_id}>"
    if draft.answered is not None:
        mail["In-Reply-To"] = f"<{draft.answered.message_id}>"
        chain = [*draft.answered.references[-12:], draft.answered.message_id]
        mail["References"] = " ".join(f"<{one}>" for one in dict.fromkeys(chain))
    program_of(draft.address)(mail, draft)
    for file in draft.files:
        kind, _, detail = file.content_type.partition("/")
        mail.add_attachment(file.content, maintype=kind, subtype=detail, filename=file.name)
    return mail.as_bytes()


def program_of(address: str) -> Program:
    """Everybody stays with one program."""
    number = hashlib.sha256(address.lower().encode()).digest()[0]
    return PROGRAMS[number % len(PROGRAMS)]


def reply_subject(subject: str) -> str:
    return subject if subject[:3].lower() == "re:" else f"Re: {subject}"


def _webmail(mail: EmailMessage, draft: Draft) -> None:
    """Plain text and HTML, the answered mail in a marked block below."""
    text, html = draft.text, f'<div dir="auto">{_lines(draft.text)}</div>'
    if draft.answered:
        above = _attribution(draft, draft.answered, f"{draft.answered.name} <{draft.answered.address}>")
        text = f"{draft.text}\n\n{above}\n\n{_marked(draft.answered.text)}"
        html += (
            f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{escape(above)}<br></div>'
            '<blockquote class="gmail_quote" '
            'style="margin:0px 0px 0px 0.8ex;border-left:1px solid #ccc;padding-left:1ex">'
            f"{_lines(draft.answered.text)}</blockquote></div>"
        )
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")


def _office(mail: EmailMessage, draft: Draft) -> None:
    """Both forms, paragraphs with classes of a word processor, the answered mail below a block of its header fields."""
    mail["X-Mailer"] = "Microsoft Outlook 16.0"
    text = draft.text
    html = "".join(f'<p class="MsoNormal">{_lines(part) or "&nbsp;"}</p>' for part in draft.text.split("\n\n"))
    if draft.answered:
        answered = draft.answered
        values = (
            f"{answered.name} <{answered.address}>",
            answered.at.strftime("%d.%m.%Y %H:%M"),
            answered.to,
            answered.subject,
        )
        labels = letters.outlook_labels(draft.language)
        block = list(zip(labels, values, strict=True))
        text += "\n\n-----\n" + "\n".join(f"{label}: {value}" for label, value in block) + f"\n\n{answered.text}"
        head = "<br>".join(f"<b>{escape(label)}:</b> {escape(value)}" for label, value in block)
        html += (
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            f'<p class="MsoNormal">{head}</p></div><p class="MsoNormal">{_lines(answered.text)}</p>'
        )
    mail.set_content(text)
    mail.add_alternative(
        f'<html><body lang="{escape(draft.language)}"><div class="WordSection1">{html}</div></body></html>',
        subtype="html",
    )


def _thunder(mail: EmailMessage, draft: Draft) -> None:
    """Text only; the answered mail first, the answer below it."""
    mail["User-Agent"] = "Mozilla Thunderbird"
    text = draft.text
    if draft.answered:
        above = _attribution(draft, draft.answered, draft.answered.name)
        text = f"{above}\n{_marked(draft.answered.text)}\n\n{draft.text}"
    mail.set_content(text, cte="8bit")


def _tablet(mail: EmailMessage, draft: Draft) -> None:
    """Text only, a line about the device, the answered mail marked below."""
    text = f"{draft.text}\n\nSent from my tablet"
    if draft.answered:
        who = f"{draft.answered.name} <{draft.answered.address}>"
        text += f"\n\n> {_attribution(draft, draft.answered, who)}\n> \n{_marked(draft.answered.text)}"
    mail.set_content(text, cte="quoted-printable")


def _old(mail: EmailMessage, draft: Draft) -> None:
    """Text in one byte a letter where that is possible, and nothing quoted."""
    try:
        draft.text.encode("iso-8859-15")
    except UnicodeEncodeError:
        mail.set_content(draft.text, cte="base64")
    else:
        mail.set_content(draft.text, charset="iso-8859-15", cte="quoted-printable")


PROGRAMS: tuple[Program, ...] = (_webmail, _webmail, _office, _thunder, _tablet, _old)


def _attribution(draft: Draft, answered: Answered, who: str) -> str:
    return letters.attribution(draft.language).format(date=answered.at.strftime("%d.%m.%Y, %H:%M"), who=who)


def _marked(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.strip().splitlines())


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _mailbox(name: str, address: str) -> str | Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain) if name else address
