"""A mail in the normal form that every channel hands in, its files in storage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from django.conf import settings

from channels_email.domain.arrived import Arrived
from channels_email.domain.own_addresses import Place
from channels_email.domain.parsed import Address, CalendarEvent, ParsedAttachment
from channels_email.domain.part_names import named, says_nothing
from channels_email.domain.reply_address import base_of
from channels_email.domain.sender_check import SenderCheck, check_sender
from customers.domain.addresses import normalise
from customers.enums import IdentityKind
from customers.errors import AddressUnusable
from foundation import storage
from interactions.channel import Contact, InboundMessage, StoredAttachment
from interactions.enums import ChannelName, SenderDoubt


def as_inbound(arrived: Arrived, place: Place, received_at: datetime, *, external_id: str) -> InboundMessage:
    """Says it in the house's words, without the files. Raises AddressUnusable when nobody wrote it.

    Signed reply addresses become the plain ones, so that nobody reads a mark off the screen or answers to it.
    """
    mail, sender = arrived.mail, arrived.sender
    if sender is None or not sender.address:
        raise AddressUnusable("The mail names no sender.")
    normalise(IdentityKind.EMAIL, sender.address)
    check = _check(arrived, place, sender.address)
    return InboundMessage(
        channel=ChannelName.EMAIL.value,
        external_id=external_id,
        queue=place.queue,
        sender=Contact(address=sender.address, name=_plain(sender.name)),
        sender_kind=IdentityKind.EMAIL.value,
        received_at=received_at,
        subject=_plain(mail.subject),
        text=_plain(mail.text),
        html=_plain(mail.html),
        reply_text=_plain(mail.reply_text),
        signature=_plain(mail.signature),
        to=_contacts(arrived, mail.to),
        cc=_contacts(arrived, mail.cc),
        reply_to=_contacts(arrived, [box for box in mail.reply_to if not arrived.is_own(box.address)]),
        thread=arrived.thread,
        automatic=arrived.is_automatic_reply,
        sender_verified=check.domain,
        sender_doubt=check.doubt.value,
        protection=mail.protection.value,
        invitation=_invitation(mail.event) if mail.event else None,
    )


def _check(arrived: Arrived, place: Place, sender: str) -> SenderCheck:
    """What vouches for the sender. A colleague's address in From makes nobody a colleague; they write elsewhere."""
    hosts = (place.mailbox.authentication_host, *settings.MAIL_AUTHENTICATION_HOSTS)
    check = check_sender(arrived.mail, sender, hosts)
    return SenderCheck(domain=check.domain, doubt=SenderDoubt.COLLEAGUE) if arrived.as_colleague else check


def with_files(mails: Sequence[tuple[InboundMessage, Sequence[ParsedAttachment]]]) -> list[InboundMessage]:
    """The same with their files in storage. Raises OSError when the disk refuses; nothing is left behind then."""
    told = [(inbound, [file for file in files if not says_nothing(file)]) for inbound, files in mails]
    kept = iter(storage.store_all([file.content for _, files in told for file in files]))
    return [replace(inbound, attachments=tuple(_stored(file, next(kept)) for file in files)) for inbound, files in told]


def discard_files(inbounds: Iterable[InboundMessage]) -> None:
    """Removes the files of mails that became no message."""
    for inbound in inbounds:
        for file in inbound.attachments:
            storage.delete(file.key)


def _stored(file: ParsedAttachment, kept: storage.StoredFile) -> StoredAttachment:
    return StoredAttachment(
        key=kept.key,
        filename=_plain(named(file)),
        content_type=kept.content_type,
        declared_type=_plain(file.content_type),
        size=kept.size,
        sha256=kept.sha256,
        inline=file.inline,
        content_id=_plain(file.content_id),
    )


def _invitation(event: CalendarEvent) -> dict[str, str | bool]:
    return {name: _plain(value) if isinstance(value, str) else value for name, value in asdict(event).items()}


def _contacts(arrived: Arrived, boxes: tuple[Address, ...] | list[Address]) -> tuple[Contact, ...]:
    return tuple(
        Contact(
            address=base_of(box.address) if arrived.is_own(box.address) else _plain(box.address),
            name=_plain(box.name),
        )
        for box in boxes
        if box.address
    )


def _plain(text: str) -> str:
    """Text that a database can hold: no NUL, no halves of a character."""
    if "\x00" in text:
        text = text.replace("\x00", "�")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
