"""In whose name an agent may write first."""

from __future__ import annotations

from agents.models import Agent
from channels_email.domain.own_addresses import NoMailbox, mailbox_of
from interactions.domain.access import visible_queues
from interactions.models import Queue


def senders(agent: Agent) -> dict[Queue, str]:
    """The queues that the agent may see and that have a mailbox, with its address; one's own queues first."""
    found: dict[Queue, str] = {}
    own = set(agent.queues.values_list("pk", flat=True))
    queues = visible_queues(agent).select_related("brand").order_by("name")
    for queue in sorted(queues, key=lambda each: each.pk not in own):
        try:
            found[queue] = mailbox_of(queue).address
        except NoMailbox:
            continue
    return found
