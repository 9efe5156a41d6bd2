"""Colleagues: who may own a case, and how those of a team are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects

from agents.enums import Permission, PresenceStatus
from agents.models import Agent, Presence, Team
from foundation.kept_queries import kept_query
from interactions.domain.inbox import cases_in_hand
from interactions.models import Case


def owners_and_presence(case: Case) -> list[Agent]:
    """The `possible_owners`, each with `here`: whether they are available now."""
    return _owners(queue=case.queue_id)


@kept_query
def _owners(*, queue: UUID) -> QuerySet[Agent]:
    available = Presence.objects.filter(agent=OuterRef("pk"), ended_at=None, status=PresenceStatus.AVAILABLE)
    return possible_owners(queue).annotate(here=Exists(available))


def with_members(agent: Agent, teams: Sequence[Team]) -> Sequence[Team]:
    """The teams with their members, each with their open presence (`now`: its status, `because`, `since`; all None
    for who has never signed in) and how many cases they have `in_hand`, as far as `agent` sees them. One query.
    """
    open_ones = Presence.objects.filter(agent=OuterRef("pk"), ended_at=None).order_by()
    members = Agent.objects.annotate(
        now=Subquery(open_ones.values("status")),
        because=Subquery(open_ones.values("reason")),
        since=Subquery(open_ones.values("started_at")),
        in_hand=cases_in_hand(agent),
    )
    prefetch_related_objects(teams, Prefetch("members", members))
    return teams


def possible_owners(queue: UUID) -> QuerySet[Agent]:
    """Active agents who may see the queue: its members, the supervisors of their teams, those who see all."""
    return (
        Agent.objects.filter(is_active=True)
        .filter(
            Q(queues=queue, roles__permissions__contains=[Permission.WORK_CASES])
            | Q(
                supervised_teams__members__queues=queue,
                roles__permissions__contains=[Permission.SUPERVISE_TEAMS],
            )
            | Q(roles__permissions__contains=[Permission.SEE_ALL_CASES])
        )
        .distinct()
        .order_by("name")
    )
