"""Two customers side by side: what each record says, and which value stays when they become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from agents.models import Agent
from customers.domain.merge import CHOOSABLE, members
from customers.enums import IdentityKind, NameSource, Side
from customers.models import Customer, Identity
from desktop.domain.naming import shown_names
from desktop.presenters.customer import FIELD_LABELS, field_view
from desktop.presenters.words import Face, face
from interactions.domain.access import visible_cases
from interactions.domain.inbox import count_cases


@dataclass(frozen=True)
class Record:
    """One of the two as it stands now."""

    id: UUID
    name: str
    face: Face
    since: datetime
    addresses: Sequence[tuple[str, str]]
    cases: int
    keep_url: str


@dataclass(frozen=True)
class Choice:
    """One field: what each side has, and which is chosen. `sides` is empty where there is nothing to choose."""

    name: str
    label: str
    kept: str
    taken: str
    chosen: str
    both: bool
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """`kept` is the record that remains, `merged` the one that will point to it."""

    kept: Record
    merged: Record
    choices: Sequence[Choice]
    evidence: Sequence[str]
    url: str
    back_url: str
    case: str
    error: str


def comparison(
    agent: Agent,
    kept: Customer,
    merged: Customer,
    *,
    evidence: Sequence[str],
    case: str,
    back_url: str,
    error: str = "",
) -> Comparison:
    query = f"&case={case}" if case else ""
    return Comparison(
        kept=_record(agent, kept, merged, query),
        merged=_record(agent, merged, kept, query),
        choices=[_choice(kept, merged, name) for name in CHOOSABLE],
        evidence=evidence,
        url=reverse("desktop:merges", args=[kept.pk]),
        back_url=back_url,
        case=case,
        error=error,
    )


def _record(agent: Agent, customer: Customer, other: Customer, query: str) -> Record:
    everybody = members(customer.pk)
    name = shown_names([customer])[customer.pk]
    identities = Identity.objects.filter(customer__in=everybody).order_by("kind", "created_at")
    return Record(
        id=customer.pk,
        name=name,
        face=face(name),
        since=customer.created_at,
        addresses=[(IdentityKind(one.kind).label, one.shown) for one in identities],
        cases=count_cases(visible_cases(agent).filter(customer__in=everybody)),
        keep_url=f"{reverse('desktop:merges', args=[customer.pk])}?with={other.pk}&keep={customer.pk}{query}",
    )


def _choice(kept: Customer, merged: Customer, name: str) -> Choice:
    ours, theirs = field_view(kept, name).shown, field_view(merged, name).shown
    taken = bool(theirs) and (not ours or (name == "name" and _better_known(merged, kept)))
    both = name == "remarks" and bool(ours and theirs)
    chosen = Side.BOTH if both else Side.TAKE if taken else Side.KEEP
    return Choice(name, FIELD_LABELS[name], ours, theirs, chosen.value, both, ours != theirs)


def _better_known(one: Customer, other: Customer) -> bool:
    order = [NameSource.UNKNOWN, NameSource.HEADER, NameSource.IMPORTED, NameSource.CONFIRMED]
    return order.index(NameSource(one.name_source)) > order.index(NameSource(other.name_source))
