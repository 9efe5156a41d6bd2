"""Who may own a case."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from agents.enums import Permission, PresenceStatus
from agents.models import Agent, Presence
from interactions.models import Case


def with_presence(agents: QuerySet[Agent]) -> QuerySet[Agent]:
    """Each with `here`: whether they are available now."""
    available = Presence.objects.filter(agent=OuterRef("pk"), ended_at=None, status=PresenceStatus.AVAILABLE)
    return agents.annotate(here=Exists(available))


def possible_owners(case: Case) -> QuerySet[Agent]:
    """Active agents who may see the case's queue: its members, the supervisors of their teams, those who see all."""
    return (
        Agent.objects.filter(is_active=True)
        .filter(
            Q(queues=case.queue_id, roles__permissions__contains=[Permission.WORK_CASES])
            | Q(
                supervised_teams__members__queues=case.queue_id,
                roles__permissions__contains=[Permission.SUPERVISE_TEAMS],
            )
            | Q(roles__permissions__contains=[Permission.SEE_ALL_CASES])
        )
        .distinct()
        .order_by("name")
    )
