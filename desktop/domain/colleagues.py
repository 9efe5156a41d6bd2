"""Who may own a case."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from agents.enums import Permission
from agents.models import Agent
from interactions.models import Case


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
