"""When the staff was there in the past year, as rows, by the rota."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from agents.enums import PresenceStatus
from agents.models import Presence
from simulator.world.copy import Copy
from simulator.world.rhythm import ZONE
from simulator.world.rota import Interval, day_of
from simulator.world.staff import Worker

WEEKS = 58  # as long as the demo world reaches back


def recall(workers: Sequence[Worker], now: datetime) -> None:
    """Writes their intervals up to `now`, off duty between the shifts; at the end everybody is offline."""
    rows = Copy(Presence)
    first = (now - timedelta(weeks=WEEKS)).astimezone(ZONE).date()
    for worker in workers:
        free_since: datetime | None = None
        for number in range(WEEKS * 7 + 1):
            for interval in day_of(worker.agent.pk, worker.shift, first + timedelta(days=number)):
                if interval.starts >= now:
                    break
                if free_since is not None and free_since < interval.starts:
                    _add(rows, worker, "offline", free_since, interval.starts)
                free_since = _attend(rows, worker, interval, now)
        if free_since is not None:
            _add(rows, worker, "offline", free_since, None)
    rows.write()


def _attend(rows: Copy, worker: Worker, interval: Interval, now: datetime) -> datetime:
    ends = min(interval.ends, now)
    back_at = interval.ends if interval.status == PresenceStatus.AWAY else None
    _add(rows, worker, interval.status.value, interval.starts, ends, reason=interval.reason.value, back_at=back_at)
    return ends


def _add(
    rows: Copy,
    worker: Worker,
    status: str,
    started_at: datetime,
    ended_at: datetime | None,
    *,
    reason: str = "",
    back_at: datetime | None = None,
) -> None:
    rows.add(
        started_at,
        agent_id=worker.agent.pk,
        status=status,
        reason=reason,
        started_at=started_at,
        ended_at=ended_at,
        back_at=back_at,
    )
