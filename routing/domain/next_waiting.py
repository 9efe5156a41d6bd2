"""What is next in a queue: by priority, then by how long it waits, whatever was tried with it before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from interactions.models import Queue, WaitingRecord
from routing.domain.match import Candidate
from routing.models import Offer


def open_waits(queue: Queue, channel: str) -> QuerySet[WaitingRecord]:
    """What waits there with no offer open on its case, in the order in which it is served."""
    offered = Offer.objects.open().filter(case=OuterRef("case"))
    return WaitingRecord.objects.filter(~Exists(offered), queue=queue, channel=channel, ended_at=None).order_by(
        "-priority", "since", "id"
    )


def head_of(queue: Queue, channel: str) -> tuple[int, datetime] | None:
    """How urgent the first that waits there is, the least being the most urgent; None when nothing waits."""
    head = open_waits(queue, channel).values_list("priority", "since").first()
    return (-head[0], head[1]) if head else None


def lock_next(
    queue: Queue, channel: str, free: Sequence[Candidate], passed: Sequence[UUID], now: datetime
) -> WaitingRecord | None:
    """The next one that may fit somebody free, locked together with its case; what others hold is skipped."""
    agents = [each.agent for each in free]
    skills = sorted({str(skill) for each in free for skill in each.skills})
    may_go = Q(named_agent=None) | Q(named_until=None) | Q(named_until__lte=now) | Q(named_agent__in=agents)
    return (
        open_waits(queue, channel)
        .filter(may_go, needs__contained_by=skills)
        .exclude(pk__in=passed)
        .select_related("interaction", "case")
        .select_for_update(skip_locked=True, of=("self", "case"))
        .first()
    )
