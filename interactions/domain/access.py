"""The doors to cases and what hangs on them: nobody reads what is not theirs."""

from __future__ import annotations

from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from agents.enums import Permission
from agents.models import Agent
from customers.domain.merge import merged_into
from foundation.streams import membership
from interactions.errors import NotAllowed
from interactions.models import Attachment, Case, Delivery, Interaction, Message, Queue, SlaClock, WaitingRecord


def visible_queues(agent: Agent) -> QuerySet[Queue]:
    """The queues whose cases `agent` may see: its own, those of the teams it supervises, or all."""
    if agent.may(Permission.SEE_ALL_CASES):
        return Queue.objects.all()
    reach = Q(pk=None)
    if agent.may(Permission.WORK_CASES):
        reach |= Q(members=agent)
    if agent.may(Permission.SUPERVISE_TEAMS):
        reach |= Q(members__teams__supervisors=agent)
    # A subquery of ids, so that a queue reached in two ways stays one row and the scope can be nested.
    return Queue.objects.filter(pk__in=Queue.objects.filter(reach).values("pk"))


def queue_scope(agent: Agent) -> list[UUID] | None:
    """The ids of the queues whose cases `agent` may see; None stands for all there are."""
    if agent.may(Permission.SEE_ALL_CASES):
        return None
    return list(visible_queues(agent).values_list("pk", flat=True))


def visible_cases(agent: Agent) -> QuerySet[Case]:
    if agent.may(Permission.SEE_ALL_CASES):
        return Case.objects.all()
    return Case.objects.filter(queue__in=visible_queues(agent).values("pk"))


def visible_interactions(agent: Agent) -> QuerySet[Interaction]:
    """Interactions of visible cases, and those that belong to no case and no queue or to a visible queue."""
    if agent.may(Permission.SEE_ALL_CASES):
        return Interaction.objects.all()
    queues = visible_queues(agent).values("pk")
    return Interaction.objects.filter(
        Q(case__queue__in=queues) | Q(case=None, queue=None) | Q(case=None, queue__in=queues)
    )


def visible_messages(agent: Agent) -> QuerySet[Message]:
    if agent.may(Permission.SEE_ALL_CASES):
        return Message.objects.all()
    return Message.objects.filter(case__queue__in=visible_queues(agent).values("pk"))


def access_case(agent: Agent, case: UUID) -> Case:
    """The case, when `agent` may see it, with what its page says of it. Raises NotAllowed, also when there is none.

    `merged` are the ids of those merged with its customer.
    """
    found = (
        with_promise(visible_cases(agent))
        .annotate(merged=merged_into("customer"))
        .select_related(
            "queue__brand",
            "queue__calendar",
            "owner",
            *("customer__organisation", "customer__unit"),
            *("customer__merged_into__organisation", "customer__merged_into__unit"),
        )
        .filter(pk=case)
        .first()
    )
    if found is None:
        raise NotAllowed
    return found


def with_promise(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each with until when the customer was last told to have an answer (`promised_by`), since when they waited, and
    the clock of a service level that is due next (`clock_due`, `clock_since`, `clock_kind`).
    """
    told = WaitingRecord.objects.filter(case=OuterRef("pk")).exclude(expected_by=None).order_by("-since")
    due = SlaClock.objects.running().filter(case=OuterRef("pk"), due_at__isnull=False).order_by("due_at")
    return cases.annotate(
        promised_since=Subquery(told.values("since")[:1]),
        promised_by=Subquery(told.values("expected_by")[:1]),
        clock_since=Subquery(due.values("started_at")[:1]),
        clock_due=Subquery(due.values("due_at")[:1]),
        clock_kind=Subquery(due.values("kind")[:1]),
    )


def access_message(agent: Agent, message: UUID) -> Message:
    found = visible_messages(agent).select_related("case").filter(pk=message).first()
    if found is None:
        raise NotAllowed
    return found


def access_attachment(agent: Agent, attachment: UUID) -> Attachment:
    """An attachment of a visible message, or of the agent's own draft. Raises NotAllowed."""
    found = (
        Attachment.objects.filter(Q(message__in=visible_messages(agent)) | Q(message=None, draft__agent=agent))
        .filter(pk=attachment)
        .first()
    )
    if found is None:
        raise NotAllowed
    return found


def access_delivery(agent: Agent, delivery: UUID) -> Delivery:
    found = Delivery.objects.filter(case__in=visible_cases(agent)).select_related("message").filter(pk=delivery).first()
    if found is None:
        raise NotAllowed
    return found


@membership("case")
def may_watch_case(agent: Agent, key: str) -> bool:
    return visible_cases(agent).filter(pk=key).exists()


@membership("queue")
def may_watch_queue(agent: Agent, key: str) -> bool:
    return visible_queues(agent).filter(pk=key).exists()
