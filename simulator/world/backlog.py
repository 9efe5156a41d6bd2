"""What is left to do today: mails that nobody has answered yet, and the open cases of the first printed agent.

Whoever signs in with a printed name finds room for the next mail: what is unanswered in their queues is held by a
simulated colleague or in their own hands, and only the other queues have mail that waits for anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from simulator.world.conversations import Conversation, Past
from simulator.world.staff import Worker

UNANSWERED = 18
OVER = timedelta(hours=16)
# Of the first printed agent: how many hours ago the case began, and how many of its mails were written by now.
OWN = ((30, 3), (52, 5), (26, 2), (27, 2), (70, 4), (45, 2))


def open_today(past: Past, workers: Sequence[Worker], now: datetime) -> Iterator[tuple[Conversation, Worker | None]]:
    """The open conversations, and who holds the case."""
    for number in range(UNANSWERED):
        # Squared, so that most of it is fresh and some has waited since yesterday.
        ago = OVER * ((number + past.rng.random()) / UNANSWERED) ** 2 + timedelta(minutes=2)
        conversation = past.converse(now - ago, 1)
        conversation.settled = False
        yield conversation, None
    printed = next((worker for worker in workers if worker.printed), None)
    if printed is None:
        return
    for hours, length in OWN:
        queue = past.rng.choice(["Orders", "Orders", "Returns & repairs"])
        conversation = past.converse(now - timedelta(hours=hours), length, queue=queue)
        conversation.settled = conversation.turns[-1].agent is not None
        yield conversation, printed


def holder(past: Past, workers: Sequence[Worker], conversation: Conversation) -> Worker | None:
    """The simulated colleague who holds an unanswered case of a queue that a printed agent works in; else nobody."""
    if conversation.settled:
        return None
    queue = past.company.queues[conversation.queue].pk
    crew = [worker for worker in workers if queue in worker.queues]
    colleagues = [worker for worker in crew if not worker.printed]
    if len(colleagues) == len(crew):
        return None
    return past.rng.choice(colleagues)


def hold(past: Past, conversation: Conversation, workers: Sequence[Worker]) -> Worker | None:
    """Who has the case of a conversation that is not settled: in the queues where printed agents work, somebody.

    So who signs in is not met by yesterday's mail before the one that was just written.
    """
    queue = past.company.queues[conversation.queue].pk
    if conversation.settled or not any(worker.printed and queue in worker.queues for worker in workers):
        return None
    if conversation.last_answer is not None:
        return conversation.last_answer.agent
    return past.rng.choice([worker for worker in workers if queue in worker.queues and not worker.printed])
