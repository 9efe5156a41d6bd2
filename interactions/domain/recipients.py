"""To whom an answer goes: derived from the message that is answered, and shown before it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F

from customers.domain.merge import members
from customers.models import Identity
from interactions.enums import ASIDE, DeliveryState, Direction, MessageKind
from interactions.models import AddressLine, Case, Message, Participant

MOST_RECIPIENTS = 50  # of one answer


@dataclass(frozen=True)
class Recipients:
    to: list[AddressLine] = field(default_factory=list)
    cc: list[AddressLine] = field(default_factory=list)
    bcc: list[AddressLine] = field(default_factory=list)

    def addresses(self) -> list[str]:
        return [line["address"] for line in (*self.to, *self.cc, *self.bcc)]


def message_to_answer(case: Case) -> Message | None:
    """The last message of the customer or a known participant; never of a stranger or third party, nor automatic."""
    return (
        Message.objects.filter(case=case, direction=Direction.INBOUND, kind=MessageKind.MESSAGE, automatic=False)
        .exclude(party__in=ASIDE)
        .order_by("-occurred_at", "-id")
        .first()
    )


def is_answerable(message: Message) -> bool:
    """What `message_to_answer` looks for, of a message at hand."""
    said_to_us = message.direction == Direction.INBOUND and message.kind == MessageKind.MESSAGE
    return said_to_us and not message.automatic and message.party not in ASIDE


def derive_recipients(case: Case, answered: Message | None, own_addresses: frozenset[str]) -> Recipients:
    """Who gets an answer to `answered`: its Reply-To or sender, and as copies those it was copied to, unless these are
    more than an answer may go to: what went to a crowd is answered to its writer.

    `own_addresses` (lower case) are ours and are left out, as are third parties that we asked. Without a message: whom
    we wrote to last, else the customer's first address.
    """
    if answered is None:
        written = _last_written(case)
        if written is not None:
            return Recipients(to=list(written.to), cc=list(written.cc))
        known = Identity.objects.filter(customer__in=members(case.customer_id), kind="email", blocked_at=None)
        identity = known.order_by(F("bounced_at").asc(nulls_first=True), "created_at").first()
        return Recipients(to=[{"name": case.customer.name, "address": identity.shown}] if identity else [])
    sender: AddressLine = {"name": answered.sender_name, "address": answered.sender_address}
    seen = set(own_addresses)
    if _fresh([*answered.reply_to, *answered.to, *answered.cc], {*seen, sender["address"].lower()}):
        seen.update(_third_parties(case))
    to = _fresh(answered.reply_to or [sender], seen) or _fresh([sender], set(own_addresses))
    cc = _fresh([*answered.to, *answered.cc], seen)
    return Recipients(to=to[:MOST_RECIPIENTS], cc=cc if len(to) + len(cc) <= MOST_RECIPIENTS else [])


def _third_parties(case: Case) -> Iterable[str]:
    """Whom we asked about the case, as `access_case` brought it along, else by a query."""
    known: Iterable[str] | None = getattr(case, "third_parties", None)
    asked = Participant.objects.filter(case=case, third_party=True)
    return asked.values_list("address", flat=True) if known is None else known


def _last_written(case: Case) -> Message | None:
    """What we wrote to the customer last, where they have not answered anything yet."""
    sent = Message.objects.filter(case=case, direction=Direction.OUTBOUND, kind=MessageKind.MESSAGE)
    return sent.exclude(delivery__state=DeliveryState.WITHDRAWN).order_by("-occurred_at", "-id").first()


def _fresh(lines: list[AddressLine], seen: set[str]) -> list[AddressLine]:
    fresh = []
    for line in lines:
        address = line["address"].lower()
        if address and address not in seen:
            seen.add(address)
            fresh.append(line)
    return fresh
