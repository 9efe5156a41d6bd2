"""Every delivery's story: what is on its way, what arrived, what did not, and what the other side said each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from agents.models import Agent
from interactions.domain.access import visible_cases
from interactions.models import Delivery, DeliveryRecipient, DeliveryStep

PAGE = 50


@dataclass(frozen=True)
class DeliveryPage:
    """Newest first; `older` is the key before which the next page begins."""

    deliveries: Sequence[Delivery]
    older: UUID | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which deliveries: in this state, made from `start` to before `end`, to this whole address; '' and None ask for
    all.
    """

    state: str = ""
    start: datetime | None = None
    end: datetime | None = None
    to: str = ""


def visible_deliveries(agent: Agent) -> QuerySet[Delivery]:
    """The deliveries of the cases that `agent` may see."""
    return Delivery.objects.filter(case__in=visible_cases(agent))


def list_deliveries(
    deliveries: QuerySet[Delivery], asked: Asked, *, before: UUID | None = None, size: int = PAGE
) -> DeliveryPage:
    """One page of them; keys sort by age, so the page costs the same wherever it is."""
    found = _narrowed(deliveries, asked)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.select_related("message__author", "case").order_by("-id")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return DeliveryPage(rows, rows[-1].pk if more else None)


def _narrowed(deliveries: QuerySet[Delivery], asked: Asked) -> QuerySet[Delivery]:
    if asked.state:
        deliveries = deliveries.filter(state=asked.state)
    if asked.start is not None:
        deliveries = deliveries.filter(created_at__gte=asked.start)
    if asked.end is not None:
        deliveries = deliveries.filter(created_at__lt=asked.end)
    if asked.to:
        to_them = DeliveryRecipient.objects.filter(value__in={asked.to, asked.to.lower()}).order_by()
        deliveries = deliveries.filter(pk__in=to_them.values("delivery_id"))
    return deliveries


def count_deliveries(
    deliveries: QuerySet[Delivery], start: datetime, end: datetime, zone: str
) -> list[tuple[date, dict[str, int]]]:
    """How many of the deliveries made on each day are in which state, latest day first."""
    rows = (
        deliveries.filter(created_at__gte=start, created_at__lt=end)
        .annotate(day=TruncDate("created_at", tzinfo=ZoneInfo(zone)))
        .order_by()
        .values_list("day", "state")
        .annotate(number=Count("pk"))
    )
    days: dict[date, dict[str, int]] = defaultdict(dict)
    for day, state, number in rows:
        days[day][state] = number
    return sorted(days.items(), reverse=True)


def story(delivery: Delivery) -> list[DeliveryStep]:
    """Each state it took, oldest first, with the other side's words and who asked for it."""
    return list(delivery.steps.select_related("agent").order_by("created_at", "id"))
