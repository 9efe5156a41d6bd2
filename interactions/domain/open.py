"""Opening: a case that begins with us, before anything is written in it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agents.models import Agent
from customers.models import Customer
from foundation import bus, clock
from interactions.domain.access import visible_queues
from interactions.domain.assign import assign
from interactions.domain.trail import note_change
from interactions.enums import CaseStatus, ChangeKind
from interactions.errors import NotAllowed
from interactions.events import CaseOpened
from interactions.models import Case, Queue


def open_case(key: UUID, *, queue: Queue, customer: Customer, subject: str, channel: str, agent: Agent) -> Case:
    """A case of the agent's about `customer`. The same `key` again, also at the same moment, is the same case.

    Raises NotAllowed for a queue that the agent may not see, and for a key under which somebody else's case stands.
    """
    with transaction.atomic():
        if not visible_queues(agent).filter(pk=queue.pk).exists():
            raise NotAllowed
        case, created = Case.objects.get_or_create(
            pk=key,
            defaults={
                "queue": queue,
                "customer": customer,
                "subject": " ".join(subject.split())[:400],
                "status": CaseStatus.OPEN,
                "priority": queue.priority,
                "language": customer.root.language,
                "active_at": clock.now(),
            },
        )
        if not created:
            if not case.changes.filter(kind=ChangeKind.OPENED, agent=agent).exists():
                raise NotAllowed
            return case
        note_change(case, ChangeKind.OPENED, after=channel, agent=agent)
        bus.publish(CaseOpened(case=case.pk, queue=case.queue_id, customer=customer.root_id))
        return assign(case.pk, agent, by=agent)
