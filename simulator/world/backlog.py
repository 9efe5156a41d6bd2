"""What is left to do today: mails that nobody has answered yet, and the open cases of the first printed agent."""

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
