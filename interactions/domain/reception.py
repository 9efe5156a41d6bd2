"""Messages on their way into cases: all is read at once, each is placed in its turn, all is written at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from customers.domain.addresses import normalise
from customers.domain.identify import Asked, identify_all
from customers.domain.reach import mark_reachable
from customers.enums import IdentityKind
from customers.models import Customer, Identity
from foundation import bus, clock
from foundation.bus import Event
from foundation.insert import insert
from interactions.channel import InboundMessage
from interactions.domain.arrival import attachments_of, interaction_of, message_of
from interactions.domain.status import lock_cases, turn_status
from interactions.domain.third_party_house import OF_THE_HOUSE, TakesPart, join, of_third_parties_houses
from interactions.domain.trail import change_of
from interactions.enums import WAITING, CaseStatus, ChangeKind, Party, Priority, SenderDoubt
from interactions.events import CaseOpened, MessageReceived
from interactions.models import Attachment, Case, Change, Interaction, Message, Participant, Queue


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A message in its case, and whether it opened that case or opened it again."""

    message: Message
    opened: bool
    reopened: bool


class Reception:
    """Takes new messages in, in one transaction of the caller's, in which it identifies and locks first.

    Two receptions beside each other lock and insert in the same order: customers, cases, messages, each by their keys.
    """

    def __init__(self, inbounds: Sequence[InboundMessage]) -> None:
        self.inbounds = inbounds
        self.addresses = [normalise(IdentityKind(each.sender_kind), each.sender.address) for each in inbounds]
        found = identify_all([_asked(inbound) for inbound in inbounds])
        self.senders = [each.owner for each in found]
        self._note_reachable([each.identity for each in found])
        self.queues: dict[UUID, Queue] = {}
        hinted = {inbound.thread.case for inbound in inbounds if inbound.thread is not None}
        self.cases = lock_cases(hinted) if hinted else {}
        self.of_houses: set[TakesPart] = set()
        self.taking_part = self._read_participants()
        self.opened: list[Case] = []
        self.touched: dict[UUID, Case] = {}
        self.changes: list[Change] = []
        self.interactions: list[Interaction] = []
        self.messages: list[Message] = []
        self.attachments: list[Attachment] = []
        self.participants: list[Participant] = []
        self.joined: list[TakesPart] = []
        self.events: list[Event] = []

    def _note_reachable(self, identities: Sequence[Identity]) -> None:
        """Who writes from an address is reached by it again, whatever reports said; a responder proves nothing."""
        for inbound, identity in zip(self.inbounds, identities, strict=True):
            if identity.bounced_at is not None and not inbound.automatic:
                mark_reachable(identity)

    def take_in(self) -> list[Placed]:
        placed = [
            self._place(inbound, sender, address)
            for inbound, sender, address in zip(self.inbounds, self.senders, self.addresses, strict=True)
        ]
        self._write()
        return placed

    def _read_participants(self) -> dict[TakesPart, Party]:
        """Those of the senders who take part in the case they point to without being its customer, and as who."""
        asked = [
            (inbound.thread.case, address)
            for inbound, sender, address in zip(self.inbounds, self.senders, self.addresses, strict=True)
            if inbound.thread is not None
            and (case := self.cases.get(inbound.thread.case)) is not None
            and case.customer.root_id != sender.root_id
        ]
        if not asked:
            return {}
        cases, addresses = zip(*asked, strict=True)
        known = Participant.objects.filter(case__in=cases, address__in=addresses, stranger=False)
        taking_part = {
            (case, kind, address): Party.THIRD_PARTY if third_party else Party.PARTICIPANT
            for case, kind, address, third_party in known.values_list("case_id", "kind", "address", "third_party")
        }
        known_ones = {(case, address) for case, _, address in taking_part}
        unknown = [
            (inbound, address)
            for inbound, address in zip(self.inbounds, self.addresses, strict=True)
            if inbound.thread is not None
            and (inbound.thread.case, address) in asked
            and (inbound.thread.case, address) not in known_ones
        ]
        self.of_houses = of_third_parties_houses(unknown)
        return taking_part | dict.fromkeys(self.of_houses, Party.THIRD_PARTY)

    def _place(self, inbound: InboundMessage, sender: Customer, address: str) -> Placed:
        case, party = self._find_case(inbound, sender, address)
        opened = reopened = False
        if case is None:
            case, opened = self._open_case(inbound, sender, previous=None), True
        elif case.is_finished and not inbound.automatic:
            if party != Party.STRANGER and _still_reopens(case):
                self._turn(case, CaseStatus.OPEN, "the customer wrote again")
                reopened = True
            else:
                case, opened, party = self._open_case(inbound, sender, previous=case), True, Party.CUSTOMER
        interaction = interaction_of(inbound, case, sender)
        message = message_of(inbound, interaction, case, sender, party)
        self.interactions.append(interaction)
        self.messages.append(message)
        self.attachments += attachments_of(inbound, message)
        self._take_part(case, inbound, address, sender, party)
        self._touch(case, message)
        if opened:
            self.events.append(CaseOpened(case=case.pk, queue=case.queue_id, customer=sender.root_id))
        self.events.append(
            MessageReceived(
                case=case.pk,
                queue=case.queue_id,
                interaction=interaction.pk,
                message=message.pk,
                customer=sender.root_id,
                channel=inbound.channel,
                party=str(party.value),
                automatic=inbound.automatic,
                opened=opened,
                reopened=reopened,
            )
        )
        return Placed(message=message, opened=opened, reopened=reopened)

    def _find_case(self, inbound: InboundMessage, sender: Customer, address: str) -> tuple[Case | None, Party]:
        """The locked case the message belongs to and as who its sender speaks there; (None, customer): a new one."""
        hint = inbound.thread
        case = self.cases.get(hint.case) if hint is not None else None
        if hint is None or case is None:
            return None, Party.CUSTOMER
        if inbound.sender_doubt == SenderDoubt.COLLEAGUE:
            return (case, Party.STRANGER) if hint.proven else (None, Party.CUSTOMER)
        if case.customer.root_id == sender.root_id:
            return case, Party.CUSTOMER
        if party := self.taking_part.get((case.pk, inbound.sender_kind, address)):
            return case, party
        return (case, Party.STRANGER) if hint.proven else (None, Party.CUSTOMER)

    def _open_case(self, inbound: InboundMessage, sender: Customer, previous: Case | None) -> Case:
        queue = previous.queue if previous else self._queue(inbound.queue)
        case = Case(
            subject=" ".join(inbound.subject.split())[:400],
            queue=queue,
            customer=sender,
            previous=previous,
            priority=inbound.priority or queue.priority or Priority.NORMAL,
            language=inbound.language or sender.language,
            active_at=inbound.received_at,
        )
        continues = f"continues #{previous.number}" if previous else ""
        self.opened.append(case)
        self.changes.append(change_of(case, ChangeKind.OPENED, after=inbound.channel, reason=continues))
        return case

    def _queue(self, queue: UUID) -> Queue:
        if queue not in self.queues:
            self.queues = Queue.objects.order_by().in_bulk({inbound.queue for inbound in self.inbounds})
        return self.queues[queue]

    def _take_part(self, case: Case, inbound: InboundMessage, address: str, sender: Customer, party: Party) -> None:
        self.participants.append(
            Participant(
                case=case,
                kind=inbound.sender_kind,
                address=address,
                name=inbound.sender.name[:200],
                customer=sender,
                stranger=party == Party.STRANGER,
                third_party=party == Party.THIRD_PARTY,
            )
        )
        if (case.pk, inbound.sender_kind, address) in self.of_houses:
            self.of_houses.discard((case.pk, inbound.sender_kind, address))
            self.changes.append(change_of(case, ChangeKind.PARTICIPANT, after=address, reason=OF_THE_HOUSE))
            self.joined.append((case.pk, inbound.sender_kind, address))

    def _touch(self, case: Case, message: Message) -> None:
        case.active_at = max(case.active_at, message.occurred_at)
        if message.party == Party.THIRD_PARTY:
            if not message.automatic and case.status in WAITING:
                self._turn(case, CaseStatus.OPEN, "the third party answered")
        elif not message.automatic:
            case.unanswered_since = case.unanswered_since or message.occurred_at
            if case.status == CaseStatus.WAITING_CUSTOMER:
                stranger = message.party == Party.STRANGER
                self._turn(case, CaseStatus.OPEN, "somebody else wrote" if stranger else "the customer answered")
        if case.pk in self.cases:
            self.touched[case.pk] = case

    def _turn(self, case: Case, status: CaseStatus, reason: str) -> None:
        change, event = turn_status(case, status, reason=reason)
        self.changes.append(change)
        self.events.append(event)

    def _write(self) -> None:
        insert(self.opened)
        Case.objects.touch(self.touched.values())
        insert(self.changes)
        insert(self.interactions)
        self.messages.sort(key=lambda message: message.external_id or "")
        insert(self.messages)
        insert(self.attachments)
        insert(self.participants, ignore_conflicts=True)
        join(self.joined)
        bus.publish_all(self.events)


def _asked(inbound: InboundMessage) -> Asked:
    return Asked(
        kind=IdentityKind(inbound.sender_kind),
        address=inbound.sender.address,
        name=inbound.sender.name,
        language=inbound.language,
    )


def _still_reopens(case: Case) -> bool:
    finished = case.finished_at or case.active_at
    return clock.now() - finished <= timedelta(days=case.queue.reopen_days)
