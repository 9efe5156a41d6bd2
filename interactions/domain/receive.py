"""In: the one door through which a message from outside reaches a case, whatever its channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction

from customers.domain.addresses import normalise
from customers.domain.identify import identify
from customers.domain.merge import members
from customers.enums import IdentityKind
from customers.models import Customer
from foundation import bus, clock
from interactions.channel import InboundMessage, ThreadHint
from interactions.domain.status import change_status, lock_case
from interactions.domain.trail import note_change
from interactions.enums import CaseStatus, ChangeKind, Direction, Party, Priority
from interactions.events import CaseOpened, MessageReceived
from interactions.models import Attachment, Case, Interaction, Message, Participant, Queue


@dataclass(frozen=True)
class Received:
    """What became of an inbound message. `duplicate`: it was here before, and nothing was written."""

    message: Message
    opened: bool = False
    reopened: bool = False
    duplicate: bool = False


def receive(inbound: InboundMessage) -> Received:
    """Identifies the customer, finds or opens the case, appends the message and publishes what happened.

    The same (channel, external id) again, also at the same moment, gives the message that is there already.
    Raises AddressUnusable when the sender's address cannot be one.
    """
    known = _received_before(inbound)
    if known is not None:
        return Received(known, duplicate=True)
    try:
        with transaction.atomic():
            return _receive(inbound)
    except IntegrityError:
        known = _received_before(inbound)
        if known is None:
            raise
        return Received(known, duplicate=True)


def _received_before(inbound: InboundMessage) -> Message | None:
    return (
        Message.objects.select_related("case")
        .filter(channel=inbound.channel, external_id=inbound.external_id, direction=Direction.INBOUND)
        .first()
    )


def _receive(inbound: InboundMessage) -> Received:
    kind = IdentityKind(inbound.sender_kind)
    address = normalise(kind, inbound.sender.address)
    sender = identify(kind, inbound.sender.address, name=inbound.sender.name, language=inbound.language).customer
    case, party = _find_case(inbound, sender, address)
    opened = reopened = False
    if case is None:
        case = _open_case(inbound, sender, previous=None)
        opened = True
    elif case.is_finished and not inbound.automatic and party != Party.STRANGER:
        if _still_reopens(case):
            change_status(case, CaseStatus.OPEN, reason="the customer wrote again")
            reopened = True
        else:
            case = _open_case(inbound, sender, previous=case)
            opened, party = True, Party.CUSTOMER
    interaction, message = _append(inbound, case, sender, party)
    _take_part(case, inbound, address, sender, stranger=party == Party.STRANGER)
    _touch(case, message)
    if opened:
        bus.publish(CaseOpened(case=case.pk, queue=case.queue_id, customer=case.customer_id))
    bus.publish(
        MessageReceived(
            case=case.pk,
            queue=case.queue_id,
            interaction=interaction.pk,
            message=message.pk,
            customer=sender.pk,
            channel=inbound.channel,
            party=str(party.value),
            automatic=inbound.automatic,
            opened=opened,
            reopened=reopened,
        )
    )
    return Received(message, opened=opened, reopened=reopened)


def _find_case(inbound: InboundMessage, sender: Customer, address: str) -> tuple[Case | None, Party]:
    """The locked case the message belongs to and as who its sender speaks there; (None, customer): a new one."""
    hint = inbound.thread
    if hint is None or not Case.objects.filter(pk=hint.case).exists():
        return None, Party.CUSTOMER
    case = lock_case(hint.case)
    party = _party(case, inbound.sender_kind, sender, address)
    if party == Party.STRANGER and not hint.proven:
        return None, Party.CUSTOMER
    return case, party


def _party(case: Case, kind: str, sender: Customer, address: str) -> Party:
    if sender.pk in members(case.customer_id):
        return Party.CUSTOMER
    takes_part = Participant.objects.filter(case=case, kind=kind, address=address, stranger=False).exists()
    return Party.PARTICIPANT if takes_part else Party.STRANGER


def _still_reopens(case: Case) -> bool:
    finished = case.finished_at or case.active_at
    return clock.now() - finished <= timedelta(days=case.queue.reopen_days)


def _open_case(inbound: InboundMessage, sender: Customer, previous: Case | None) -> Case:
    queue = previous.queue if previous else Queue.objects.get(pk=inbound.queue)
    case = Case.objects.create(
        subject=" ".join(inbound.subject.split())[:400],
        queue=queue,
        customer_id=sender.root_id,
        previous=previous,
        priority=inbound.priority or queue.priority or Priority.NORMAL,
        language=inbound.language or sender.language,
        active_at=inbound.received_at,
    )
    note_change(
        case, ChangeKind.OPENED, after=inbound.channel, reason=f"continues #{previous.number}" if previous else ""
    )
    return case


def _append(inbound: InboundMessage, case: Case, sender: Customer, party: Party) -> tuple[Interaction, Message]:
    interaction = Interaction.objects.create(
        channel=inbound.channel,
        direction=Direction.INBOUND,
        case=case,
        customer=sender,
        queue_id=case.queue_id,
        started_at=inbound.received_at,
    )
    hint: ThreadHint | None = inbound.thread
    message = Message.objects.create(
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
        to=[{"name": c.name, "address": c.address} for c in inbound.to],
        cc=[{"name": c.name, "address": c.address} for c in inbound.cc],
        reply_to=[{"name": c.name, "address": c.address} for c in inbound.reply_to],
        automatic=inbound.automatic,
        sender_verified=inbound.sender_verified[:40],
        answers_id=hint.answers if hint and hint.case == case.pk else None,
        external_id=inbound.external_id,
        occurred_at=inbound.received_at,
    )
    Attachment.objects.bulk_create(
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
    )
    return interaction, message


def _take_part(case: Case, inbound: InboundMessage, address: str, sender: Customer, *, stranger: bool) -> None:
    Participant.objects.bulk_create(
        [
            Participant(
                case=case,
                kind=inbound.sender_kind,
                address=address,
                name=inbound.sender.name[:200],
                customer=sender,
                stranger=stranger,
            )
        ],
        ignore_conflicts=True,
    )


def _touch(case: Case, message: Message) -> None:
    case.active_at = max(case.active_at, message.occurred_at)
    if not message.automatic:
        case.unanswered_since = case.unanswered_since or message.occurred_at
        if case.status == CaseStatus.WAITING_CUSTOMER:
            change_status(case, CaseStatus.OPEN, reason="the customer answered")
    case.save(update_fields=["active_at", "unanswered_since", "status", "finished_at"])
