"""The rows that an inbound message becomes, not yet written."""

from __future__ import annotations

from collections.abc import Iterable

from customers.models import Customer
from interactions.channel import Contact, InboundMessage
from interactions.enums import Direction, Party
from interactions.models import AddressLine, Attachment, Case, Interaction, Message


def interaction_of(inbound: InboundMessage, case: Case, sender: Customer) -> Interaction:
    return Interaction(
        channel=inbound.channel,
        direction=Direction.INBOUND,
        case=case,
        customer=sender,
        queue_id=case.queue_id,
        started_at=inbound.received_at,
    )


def message_of(
    inbound: InboundMessage, interaction: Interaction, case: Case, sender: Customer, party: Party
) -> Message:
    hint = inbound.thread
    return Message(
        interaction=interaction,
        case=case,
        customer=sender,
        channel=inbound.channel,
        direction=Direction.INBOUND,
        party=party,
        sender_name=inbound.sender.name[:200],
        sender_address=inbound.sender.address[:320],
        subject=inbound.subject[:1000],
        text=inbound.text,
        html=inbound.html,
        reply_text=inbound.reply_text,
        signature=inbound.signature,
        to=_lines(inbound.to),
        cc=_lines(inbound.cc),
        reply_to=_lines(inbound.reply_to),
        automatic=inbound.automatic,
        sender_verified=inbound.sender_verified[:300],
        sender_doubt=inbound.sender_doubt,
        protection=inbound.protection,
        invitation=dict(inbound.invitation) if inbound.invitation else None,
        answers_id=hint.answers if hint and hint.case == case.pk else None,
        external_id=inbound.external_id,
        occurred_at=inbound.received_at,
    )


def attachments_of(inbound: InboundMessage, message: Message) -> list[Attachment]:
    return [
        Attachment(
            message=message,
            filename=file.filename[:255],
            content_type=file.content_type[:120],
            declared_type=file.declared_type[:120],
            size=file.size,
            sha256=file.sha256,
            key=file.key,
            inline=file.inline,
            content_id=file.content_id[:255],
        )
        for file in inbound.attachments
    ]


def _lines(contacts: Iterable[Contact]) -> list[AddressLine]:
    return [{"name": contact.name, "address": contact.address} for contact in contacts]
