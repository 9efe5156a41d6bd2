"""Which screens a change concerns: the names of the streams that their regions listen to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from agents.models import Team
from customers.domain.merge import everybody
from interactions.enums import UNFINISHED, ChangeKind
from interactions.events import Assigned, CaseChanged, CaseEvent, CaseOpened, MessageReceived
from interactions.models import Case, Change, Queue


def streams_of(events: Iterable[CaseEvent]) -> list[str]:
    """Each stream once: the cases, their queues, the agents who had or got them, the customers who wrote."""
    names: dict[str, None] = {}
    for event in events:
        names[f"case.{event.case}"] = None
        names[f"queue.{event.queue}"] = None
        for name in _besides(event):
            names[name] = None
    return list(names)


def streams_about(agents: Collection[UUID]) -> list[str]:
    """The agents' own screens, and those of the supervisors of their teams."""
    teams = Team.objects.filter(members__in=agents).values_list("pk", flat=True).distinct().order_by()
    return [*(f"agent.{agent}" for agent in agents), *(f"team.{team}" for team in teams)]


def streams_about_customers(customers: Collection[UUID]) -> list[str]:
    """The customers' own panels, and the lists in which their unfinished cases stand by their name."""
    open_cases = Case.objects.filter(customer__in=everybody(customers), status__in=UNFINISHED).order_by()
    lists: dict[str, None] = {f"customer.{customer}": None for customer in customers}
    for queue, owner in open_cases.values_list("queue", "owner").distinct():
        lists[f"queue.{queue}"] = None
        if owner:
            lists[f"agent.{owner}"] = None
    return list(lists)


def _besides(event: CaseEvent) -> list[str]:
    if isinstance(event, Assigned):
        return [f"agent.{agent}" for agent in (event.agent, event.previous) if agent]
    if isinstance(event, MessageReceived | CaseOpened) and event.customer:
        return [f"customer.{event.customer}"]
    if isinstance(event, CaseChanged) and event.change == ChangeKind.QUEUE:
        return [f"queue.{queue}" for queue in _left_queues(event.case)]
    return []


def _left_queues(case: UUID) -> list[UUID]:
    """The queue that the case was in before: its lists lose it."""
    last = Change.objects.filter(case=case, kind=ChangeKind.QUEUE).order_by("-created_at", "-id").first()
    return list(Queue.objects.filter(name=last.before).values_list("pk", flat=True)) if last else []
