"""Service levels and how they are kept, ready to be written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse

from desktop.forms.minutes import in_words
from foundation import clock
from interactions.enums import ClockOutcome, Priority
from interactions.models import SlaClock
from routing.models import SlaPolicy

MONTH = timedelta(days=30)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Kept:
    """Of a policy's clocks: how many run and are late now, and of those that ended within 30 days how many in time."""

    running: int = 0
    late: int = 0
    ended: int = 0
    met: int = 0

    @property
    def share(self) -> int | None:
        """In per cent, of what ended; None when nothing did."""
        return round(100 * self.met / self.ended) if self.ended else None


@dataclass(frozen=True)
class ServiceLevelLine:
    url: str
    name: str
    active: bool
    whom: str
    promises: list[tuple[str, str]]
    then: str
    kept: Kept


def service_level_lines(policies: Iterable[SlaPolicy]) -> list[ServiceLevelLine]:
    """In the order in which they are tried; two queries for any number of them."""
    policies = list(policies)
    kept = _kept()
    return [
        ServiceLevelLine(
            url=reverse("desktop:service_level", args=[policy.pk]),
            name=policy.name,
            active=policy.active,
            whom=_whom(policy),
            promises=[
                (kind.label, in_words(int(time.total_seconds() // 60))) for kind, time in policy.targets().items()
            ],
            then=_then(policy),
            kept=kept.get(policy.pk, Kept()),
        )
        for policy in policies
    ]


def _kept() -> dict[UUID, Kept]:
    now = clock.now()
    ended = Q(ended_at__gte=now - MONTH) & ~Q(outcome=ClockOutcome.CANCELLED)
    rows = (
        SlaClock.objects.filter(Q(ended_at=None) | Q(ended_at__gte=now - MONTH))
        .order_by()
        .values("policy")
        .annotate(
            running=Count("pk", filter=Q(ended_at=None)),
            late=Count("pk", filter=Q(ended_at=None, due_at__lte=now)),
            done=Count("pk", filter=ended),
            met=Count("pk", filter=ended & Q(outcome=ClockOutcome.MET)),
        )
        .values_list("policy", "running", "late", "done", "met")
    )
    return {policy: Kept(*figures) for policy, *figures in rows}


def _whom(policy: SlaPolicy) -> str:
    queues = ", ".join(sorted(queue.name for queue in policy.queues.all())) or "Every queue"
    pieces = [queues]
    if policy.least_priority > Priority.LOW:
        pieces.append(f"{Priority(policy.least_priority).label.lower()} priority or higher")
    if policy.key_accounts_only:
        pieces.append("key accounts only")
    return ", ".join(pieces)


def _then(policy: SlaPolicy) -> str:
    pieces = [
        f"warns after {policy.warn_percent} %",
        "late ones become urgent" if policy.raise_on_breach else "",
        f"late ones move to {policy.escalate_to.name}" if policy.escalate_to else "",
    ]
    return ", ".join(piece for piece in pieces if piece)
