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
from interactions.models import Delivery, DeliveryStep

PAGE = 50


@dataclass(frozen=True)
class DeliveryPage:
    """Newest first; `older` is the key before which the next page begins."""

    deliveries: Sequence[Delivery]
    older: UUID | None


def visible_deliveries(agent: Agent) -> QuerySet[Delivery]:
    """The deliveries of the cases that `agent` may see."""
    return Delivery.objects.filter(case__in=visible_cases(agent))


def list_deliveries(
    deliveries: QuerySet[Delivery], *, state: str = "", before: UUID | None = None, size: int = PAGE
) -> DeliveryPage:
    """One page of them; keys sort by age, so the page costs the same wherever it is."""
    found = deliveries.filter(state=state) if state else deliveries
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.select_related("message__author", "case").order_by("-id")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return DeliveryPage(rows, rows[-1].pk if more else None)


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
