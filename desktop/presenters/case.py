"""A case's head: what it is, how it stands, and what may be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from agents.models import Agent
from desktop.presenters.ring import Ring, targets
from desktop.presenters.words import PRIORITY, STATUS, Face, Look, face, priority_look, status_look
from foundation.kept_queries import kept_query
from interactions.enums import CaseStatus
from interactions.models import Case, Queue, Tag, Tagging

# Closing is what happens to resolved cases by time; nobody chooses it by hand, and nobody makes a case new again.
_KNOWN_TAGS = 100
CHOOSABLE = (CaseStatus.OPEN, CaseStatus.WAITING_CUSTOMER, CaseStatus.WAITING_INSIDE, CaseStatus.RESOLVED)


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool
    face: Face | None = None
    note: str = ""


@dataclass(frozen=True)
class TagView:
    id: UUID
    name: str


@dataclass(frozen=True)
class CaseHead:
    id: UUID
    number: int
    subject: str
    status: Look
    statuses: Sequence[Look]
    priority: Look
    priorities: Sequence[Look]
    queue: str
    queues: Sequence[Choice]
    owner: Face | None
    owners: Sequence[Choice]
    mine: bool
    finished: bool
    tags: Sequence[TagView]
    known_tags: Sequence[str]
    ring: Ring | None
    streams: str
    brand: str


@kept_query
def _tags(*, case: UUID) -> QuerySet[Tag]:
    on_case = Exists(Tagging.objects.filter(tag=OuterRef("pk"), case=case))
    return Tag.objects.annotate(on_case=on_case).order_by("-on_case", "name")[:_KNOWN_TAGS]


def case_head(
    agent: Agent, case: Case, queues: Sequence[Queue], colleagues: Sequence[Agent], away: set[UUID]
) -> CaseHead:
    """`colleagues` may own the case; those in `away` are not available now."""
    tags = _tags(case=case.pk)
    return CaseHead(
        id=case.pk,
        number=case.number,
        subject=case.subject or "No subject",
        status=status_look(case.status),
        statuses=[STATUS[status] for status in CHOOSABLE],
        priority=priority_look(case.priority),
        priorities=list(PRIORITY.values()),
        queue=case.queue.name,
        queues=[Choice(str(one.pk), one.name, one.pk == case.queue_id) for one in queues],
        owner=face(case.owner.name) if case.owner else None,
        owners=[
            Choice(
                str(one.pk),
                "You" if one.pk == agent.pk else one.name,
                one.pk == case.owner_id,
                face(one.name),
                "away" if one.pk in away else "",
            )
            for one in sorted(colleagues, key=lambda one: (one.pk != agent.pk, one.pk in away, one.name))
        ],
        mine=case.owner_id == agent.pk,
        finished=case.is_finished,
        tags=[TagView(tag.pk, tag.name) for tag in tags if tag.on_case],
        known_tags=sorted(tag.name for tag in tags),
        ring=targets([case]).get(case.pk),
        streams=f"case.{case.pk}",
        brand=case.queue.brand.name,
    )
