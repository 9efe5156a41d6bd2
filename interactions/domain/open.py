"""Opening: a case that begins with us; and removing one in which nothing was said after all."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from agents.models import Agent
from customers.models import Customer
from foundation import bus, clock, storage
from foundation.streams import signal
from interactions.domain.access import visible_queues
from interactions.domain.assign import assign
from interactions.domain.trail import note_change
from interactions.enums import CaseStatus, ChangeKind
from interactions.errors import NotAllowed
from interactions.events import CaseOpened
from interactions.models import Attachment, Case, Draft, Interaction, Queue


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


def discard_opened(case: UUID, agent: Agent, *, with_words: bool = False) -> bool:
    """Removes a case that the agent opened and in which nothing stands: nothing was said, nobody has a draft with words
    or files. With `with_words` the agent's own draft goes along.

    False, and nothing happens, where there is something. Who writes in it at the same moment is waited for.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update().filter(pk=case).first()
        if locked is None or not locked.changes.filter(kind=ChangeKind.OPENED, agent=agent).exists():
            return False
        if locked.messages.exists() or Interaction.objects.filter(case=locked).exists():
            return False
        drafts = list(Draft.objects.select_for_update().filter(case=locked).order_by("pk"))
        others = [draft for draft in drafts if not (with_words and draft.agent_id == agent.pk)]
        if any(draft.html for draft in others) or Attachment.objects.filter(draft__in=others).exists():
            return False
        files = Attachment.objects.filter(draft__in=drafts)
        keys = list(files.values_list("key", flat=True))
        files.delete()
        streams = [f"queue.{locked.queue_id}", *([f"agent.{locked.owner_id}"] if locked.owner_id else [])]
        locked.delete()
        for key in keys:
            transaction.on_commit(partial(storage.delete, key))
        signal(*streams)
        return True
