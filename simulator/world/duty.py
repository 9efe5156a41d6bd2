"""Who of the staff was at work at a moment of the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from simulator.world.rota import span_of
from simulator.world.staff import Worker


class Duty:
    """Looks up who was on duty in a queue, day by day."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self.workers = workers
        self.days: dict[date, list[tuple[datetime, datetime, Worker]]] = {}

    def at(self, queue: UUID, moment: datetime) -> list[Worker]:
        """The members of the queue whose working time includes the moment."""
        today = moment.astimezone(UTC).date()
        spans = [*self._day(today), *self._day(today - timedelta(days=1))]
        return [worker for begin, end, worker in spans if begin <= moment < end and queue in worker.queues]

    def _day(self, day: date) -> list[tuple[datetime, datetime, Worker]]:
        if day not in self.days:
            spans = ((span_of(worker.agent.pk, worker.shift, day), worker) for worker in self.workers)
            self.days[day] = [(*span, worker) for span, worker in spans if span is not None]
        return self.days[day]


def by_queue(workers: Sequence[Worker]) -> dict[UUID, list[Worker]]:
    """The workers of each queue."""
    found: dict[UUID, list[Worker]] = defaultdict(list)
    for worker in workers:
        for queue in worker.queues:
            found[queue].append(worker)
    return found
