"""Following: somebody or something changed, so turns are looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from agents.domain.presence import is_available
from agents.models import Agent
from interactions.models import Queue, WaitingRecord
from routing.domain.answer import withdraw
from routing.domain.offer import offer_all, offer_next
from routing.domain.owner import drop_claims
from routing.models import Offer


def look_again(waiting: UUID) -> None:
    """A waiting record began or moved: an offer to somebody who does not work its queue is taken back."""
    record = WaitingRecord.objects.select_related("queue__calendar").filter(pk=waiting, ended_at=None).first()
    if record is None:
        return
    offer = Offer.objects.open().filter(waiting=record).first()
    if offer is not None and offer.queue_id == record.queue_id:
        return
    if offer is not None and not record.queue.members.filter(pk=offer.agent_id).exists():
        withdraw(offer)
    offer_next(record.queue, record.channel)


def follow_agent(agent: UUID, *, channels: Sequence[str]) -> int:
    """An agent came, went, finished something or can do something else; how many offers followed."""
    person = Agent.objects.get(pk=agent)
    if not is_available(agent):
        for offer in Offer.objects.open().of_agent(agent):
            withdraw(offer)
        drop_claims(person)
    queues = list(Queue.objects.filter(members=person).select_related("calendar"))
    return offer_all(queues, channels)


def serve_queue(queue: UUID, channel: str) -> int:
    """Something waits there again; how many offers followed."""
    return offer_all(list(Queue.objects.filter(pk=queue).select_related("calendar")), [channel])
