"""Who is of the house of a third party that we asked: another address of its domain, where that is a house's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from customers.domain.free_mail import is_free_mail
from interactions.channel import InboundMessage
from interactions.enums import MessageKind, Party, SenderDoubt
from interactions.models import Message, Participant

TakesPart = tuple[UUID, str, str]  # case, kind of address, address
OF_THE_HOUSE = "of the house of the third party that we asked"


def of_third_parties_houses(asked: Sequence[tuple[InboundMessage, str]]) -> set[TakesPart]:
    """Those of the senders (by their normal address) who answer what we asked a third party, or what it wrote, and are
    of its house and not of the customer's. Nobody whose own domain disowns the mail.
    """
    hints = {
        (inbound.thread.case, inbound.sender_kind, address): inbound.thread.answers
        for inbound, address in asked
        if inbound.thread is not None
        and inbound.thread.proven
        and inbound.thread.answers is not None
        and inbound.sender_doubt not in {SenderDoubt.FAILED, SenderDoubt.COLLEAGUE}
    }
    if not hints:
        return set()
    aside = Q(kind=MessageKind.FORWARD) | Q(party=Party.THIRD_PARTY)
    answered = set(Message.objects.filter(aside, pk__in=hints.values()).order_by().values_list("pk", flat=True))
    wanted = {key for key, answers in hints.items() if answers in answered}
    if not wanted:
        return set()
    there = Participant.objects.filter(case__in={case for case, _, _ in wanted}, stranger=False).order_by()
    known = list(there.values_list("case_id", "kind", "address", "third_party"))
    return {key for key in wanted if _is_third_partys(key, known)}


def _is_third_partys(key: TakesPart, known: Iterable[tuple[UUID, str, str, bool]]) -> bool:
    case, kind, address = key
    near = [third for of, how, other, third in known if (of, how) == (case, kind) and is_of_house(address, other)]
    return bool(near) and all(near)


def join(found: Iterable[TakesPart]) -> None:
    """They take part as third parties from now on, also who was a stranger before."""
    for case, kind, address in found:
        there = Participant.objects.filter(case=case, kind=kind, address=address)
        there.update(third_party=True, stranger=False)


def is_of_house(address: str, of: str) -> bool:
    """Whether both addresses are of one house's domain: the same one, or one within the other."""
    domain, other = _domain(address), _domain(of)
    if not domain or not other or is_free_mail(domain) or is_free_mail(other):
        return False
    return domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2].strip().lower().rstrip(".") if "@" in address else ""
    return domain if "." in domain else ""
