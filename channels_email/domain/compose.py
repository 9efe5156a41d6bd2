"""From a message row to the mail that leaves: headers, alternatives, files, quoted history."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from uuid import UUID

from channels_email.domain.message_ids import own_message_id
from channels_email.domain.own_addresses import mailbox_of
from channels_email.domain.quoted import forwarded_html, forwarded_text, quoted_html, quoted_text
from channels_email.domain.references import answered_id, references
from channels_email.domain.reply_address import reply_address
from channels_email.models import Mailbox
from foundation import markup, storage
from interactions.enums import DeliveryState, MessageKind
from interactions.models import AddressLine, Attachment, Delivery, Message

MAX_SUBJECT = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_ANSWER = re.compile(r"^\s*(?:re|aw|sv|vs|antw)\s*:", re.IGNORECASE)
_FORWARD = re.compile(r"^\s*(?:fwd?|wg|vb|tr|rv)\s*:", re.IGNORECASE)
AUTOMATIC = {MessageKind.ACKNOWLEDGEMENT: "auto-replied", MessageKind.AUTOMATIC: "auto-generated"}


class _Policy(EmailPolicy):
    """As SMTP wants it; Message-IDs stay in one line, because programs exist that lose a folded one."""

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name.lower() in _WHOLE else str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return (
            self.fold(name, value).encode("ascii", "replace")
            if name.lower() in _WHOLE
            else super().fold_binary(name, value)
        )


_WHOLE = {"message-id", "in-reply-to"}
_POLICY = _Policy(linesep="\r\n", max_line_length=78, cte_type="7bit")


class CannotCompose(ValueError):
    """The mail cannot be made as it is; the sentence says what is wrong with it."""


@dataclass(frozen=True)
class Composed:
    """A mail ready to leave. `sender` is the envelope's, '' for automatic ones so that nothing answers them.

    `to` and `copies` are the envelope's: hidden copies too, and nobody who has the mail from an earlier attempt.
    """

    mail: EmailMessage
    message_id: str
    mailbox: Mailbox
    sender: str
    to: tuple[str, ...]
    copies: tuple[str, ...]


def compose(delivery_id: UUID) -> Composed:
    """The mail of this delivery, the same each time. Raises CannotCompose, and NoMailbox when the queue has none."""
    delivery = (
        Delivery.objects.select_related(
            "message__case__queue__brand", "message__author", "message__answers", "message__forwards"
        )
        .filter(pk=delivery_id)
        .first()
    )
    if delivery is None or delivery.message.case is None:
        raise CannotCompose("The message is no longer there.")
    message, case = delivery.message, delivery.message.case
    mailbox = mailbox_of(case.queue)
    domain = mailbox.address.rpartition("@")[2]
    message_id = own_message_id(delivery.pk, case.number, domain)
    back = reply_address(case.number, mailbox.address) if mailbox.signed_replies else mailbox.address
    automatic = AUTOMATIC.get(MessageKind(message.kind))
    brand = mailbox.display_name or case.queue.brand.name
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _box(
        {"name": f"{message.author.name} ({brand})" if message.author else brand, "address": mailbox.address}
    )
    mail["To"] = [_box(line) for line in message.to]
    if message.cc:
        mail["Cc"] = [_box(line) for line in message.cc]
    mail["Reply-To"] = _box({"name": brand, "address": back})
    mail["Subject"] = _subject(message, case.number)
    mail["Date"] = format_datetime(message.occurred_at)
    mail["Message-ID"] = f"<{message_id}>"
    _thread(mail, message)
    if automatic:
        mail["Auto-Submitted"] = automatic
        mail["X-Auto-Response-Suppress"] = "All"
    _write_body(mail, message)
    sent = delivery.recipients.filter(state__in=(DeliveryState.SENT, DeliveryState.DELAYED))
    arrived = {address.lower() for address in sent.values_list("address", flat=True)}
    return Composed(
        mail=mail,
        message_id=message_id,
        mailbox=mailbox,
        sender="" if automatic else back,
        to=tuple(_box(line).addr_spec for line in message.to if _lacks(line, arrived)),
        copies=tuple(_box(line).addr_spec for line in (*message.cc, *message.bcc) if _lacks(line, arrived)),
    )


def _lacks(line: AddressLine, arrived: set[str]) -> bool:
    return line["address"].strip().lower() not in arrived


def _thread(mail: EmailMessage, message: Message) -> None:
    answered = answered_id(message)
    chain = references(message, answered)
    if answered:
        mail["In-Reply-To"] = f"<{answered}>"
    if chain:
        mail["References"] = " ".join(f"<{each}>" for each in chain)


def _subject(message: Message, case_number: int) -> str:
    subject = _one_line(message.subject)[:MAX_SUBJECT]
    if message.answers_id and not _ANSWER.match(subject):
        subject = f"Re: {subject}".strip()
    elif message.forwards_id and not _FORWARD.match(subject):
        subject = f"Fwd: {subject}".strip()
    number = f"[#{case_number}]"
    return subject if number in subject else f"{subject} {number}".strip()


def _box(line: AddressLine) -> Address:
    name = _one_line(line["name"])[:120]
    local, _, domain = line["address"].strip().rpartition("@")
    if "=?" in line["address"]:  # nobody has such an address, and the library would read it as an encoded word
        raise CannotCompose(f"{_one_line(line['address'])} is no address that mail can be sent to.")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        return Address(display_name=name if name != line["address"] else "", addr_spec=f"{local}@{domain}")
    except (ValueError, IndexError, AttributeError, MessageError) as error:
        raise CannotCompose(f"{_one_line(line['address'])} is no address that mail can be sent to.") from error


def _one_line(text: str) -> str:
    """Text for a header field. What looks like an encoded word (RFC 2047) is pulled apart: the library would decode it
    once more, line breaks and all.
    """
    return " ".join(_CONTROL.sub(" ", text).split()).replace("=?", "= ?")


def _write_body(mail: EmailMessage, message: Message) -> None:
    quoted = message.answers if message.quotes else None
    signature = f"\n\n-- \n{message.signature}" if message.signature else ""
    text = f"{message.text}{signature}"
    html = f"{message.html}{_signature_html(message.signature)}"
    if quoted is not None:
        text = f"{text}\n\n{quoted_text(quoted)}"
        html = f"{html}{quoted_html(quoted)}"
    if message.forwards is not None:
        text = f"{text}\n\n{forwarded_text(message.forwards)}"
        html = f"{html}{forwarded_html(message.forwards)}"
    files = [(file, _verified(file)) for file in message.attachments.all()]
    shown = [(file, content) for file, content in files if file.inline and f"cid:{file.content_id}" in message.html]
    mail.set_content(f"{text}\n", cte="quoted-printable")
    mail.add_alternative(f"<!DOCTYPE html><html><body>{html}</body></html>\n", subtype="html", cte="quoted-printable")
    page = mail.get_body(("html",))
    for file, content in shown:
        main, _, sub = _type_of(file).partition("/")
        if page is not None:
            page.add_related(
                content,
                main,
                sub,
                cid=f"<{_one_line(file.content_id)}>",
                filename=_one_line(file.filename),
                disposition="inline",
            )
    for file, content in files:
        if (file, content) not in shown:
            main, _, sub = _type_of(file).partition("/")
            mail.add_attachment(content, main, sub, filename=_one_line(file.filename))


def _signature_html(signature: str) -> str:
    return markup.from_text(f"-- \n{signature}") if signature else ""


def _type_of(file: Attachment) -> str:
    return file.content_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.content_type) else "application/octet-stream"


def _verified(file: Attachment) -> bytes:
    """The file's content, proven to be what was attached."""
    try:
        with storage.open(file.key) as stored:
            content = stored.read()
    except storage.UnknownFile:
        raise CannotCompose(f"The file {file.filename} is no longer in storage.") from None
    if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
        raise CannotCompose(f"The file {file.filename} was changed after it was attached.")
    return content
