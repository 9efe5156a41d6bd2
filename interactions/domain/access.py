"""The doors to cases and what hangs on them: nobody reads what is not theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, Func, OuterRef, Q, QuerySet, Subquery

from agents.domain.known_by_rights import known_by_rights
from agents.enums import Permission
from agents.models import Agent
from customers.domain.merge import merged_into
from foundation.kept_queries import kept_query
from foundation.streams import membership
from interactions.errors import NotAllowed
from interactions.models import (
    Attachment,
    Case,
    Delivery,
    Interaction,
    Message,
    Participant,
    Queue,
    SlaClock,
    WaitingRecord,
)


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


def queue_scope(agent: Agent, visible: Sequence[Queue] | None = None) -> list[UUID] | None:
    """The ids of the queues whose cases `agent` may see; None stands for all there are.

    `visible` are the agent's `visible_queues`, where they were read already.
    """
    if agent.may(Permission.SEE_ALL_CASES):
        return None
    if visible is not None:
        return [queue.pk for queue in visible]
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


def access_case(agent: Agent, case: UUID, visible: Sequence[Queue] = ()) -> Case:
    """The case, when `agent` may see it, with what its page says of it. Raises NotAllowed, also when there is none.

    `visible` are the agent's `visible_queues` with brand and calendar, where they were read already.
    `merged` are the ids of those merged with its customer, `third_parties` the addresses of those whom we asked.
    """
    found = _case(agent.permissions, bool(visible), agent=agent.pk, case=case)
    if not found:
        raise NotAllowed
    give_queues(found, visible)
    return found[0]


@kept_query
def _case(rights: frozenset[str], queues_known: bool, *, agent: UUID, case: UUID) -> QuerySet[Case]:
    aside = Participant.objects.filter(case=OuterRef("pk"), third_party=True).order_by()
    return (
        with_promise(visible_cases(known_by_rights(agent, rights)))
        .annotate(merged=merged_into("customer"), third_parties=ArraySubquery(aside.values("address")))
        .select_related(
            *(() if queues_known else ("queue__brand", "queue__calendar")),
            "owner",
            *("customer__organisation", "customer__unit"),
            *("customer__merged_into__organisation", "customer__merged_into__unit"),
        )
        .filter(pk=case)
    )


def give_queues(cases: Iterable[Case], visible: Sequence[Queue]) -> None:
    """Each case gets its queue out of these; what is in none of them reads its own when it is asked for."""
    known = {queue.pk: queue for queue in visible}
    for case in cases:
        if case.queue_id in known:
            case.queue = known[case.queue_id]


def with_promise(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each with since when the customer waited who was last told until when to have an answer, and until when that is
    (`promised`: both, or None), and the clock of a service level that is due next (`clock`: when it began and when it
    is due, or None; `clock_kind`).
    """
    told = WaitingRecord.objects.filter(case=OuterRef("pk")).exclude(expected_by=None).order_by("-since")
    due = SlaClock.objects.running().filter(case=OuterRef("pk"), due_at__isnull=False).order_by("due_at")
    return cases.annotate(
        promised=Subquery(told.values(both=_moments("since", "expected_by"))[:1]),
        clock=Subquery(due.values(both=_moments("started_at", "due_at"))[:1]),
        clock_kind=Subquery(due.values("kind")[:1]),
    )


def _moments(*fields: str) -> Func:
    """Several moments of a row as one value."""
    return Func(*fields, template="ARRAY[%(expressions)s]", output_field=ArrayField(DateTimeField()))


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
