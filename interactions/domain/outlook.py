"""The outlook of a queue: how many are ahead, and by when somebody new there will presumably be answered.

The mails ahead times the median handling time of the last 28 days make the work; it is worked off, in the queue's
opening hours, by the agents who usually are present in each hour (`Pace`). One handling time of one's own comes on
top, then what four in five of the last weeks' answers stayed below beyond that, since people also do other things than
mail. The promise is rounded up to the next quarter of an hour. With fewer than 50 past ones the queue's stated target
holds. How often such promises were kept: `manage.py bench promises`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from agents.enums import PresenceStatus
from agents.models import Presence
from foundation import clock
from foundation.calendar.business_time import BusinessTime, NeverOpen
from interactions.domain.answer_time import ENOUGH, with_overrun, worked_off
from interactions.domain.work_off import to_next_quarter
from interactions.enums import ChannelName
from interactions.models import Pace, Queue, WaitingRecord

LONGER = 1.5
"""Longer than usual: more than this times the usual response time, and by a quarter of an hour at least."""


@dataclass(frozen=True)
class Figures:
    """What an expectation was computed from, as it is stored and put into words. Moments are ISO 8601 in UTC."""

    method: str
    ahead: int
    median_handling_seconds: float | None
    agents_present: float
    overrun_seconds: float | None
    sample: int
    usual_seconds: float | None
    longer_than_usual: bool
    open_now: bool
    next_open: str | None
    closed_for: str
    nobody_present: bool
    computed_at: str


@dataclass(frozen=True)
class Outlook:
    """`position` is 1 for who is next. `expected_by` is the promise (None: no such moment, the queue is never open);
    half of all cases should be answered between `soonest` and `latest`, which are unknown without enough past.
    """

    position: int
    expected_by: datetime | None
    soonest: datetime | None
    latest: datetime | None
    computed_from: Figures

    def figures(self) -> dict[str, Any]:
        return asdict(self.computed_from)


def outlook(queue: Queue, channel: str = ChannelName.EMAIL, *, record: WaitingRecord | None = None) -> Outlook:
    """For `record` which waits there, or for a contact that would begin now."""
    now = clock.now()
    hours = queue.calendar.hours()
    pace = Pace.objects.filter(queue=queue, channel=channel).first() or Pace(queue=queue, channel=channel)
    ahead = count_ahead(queue, channel, record)
    open_now = hours.is_open(now)
    nobody = open_now and not _is_anybody_present(queue)
    done = worked_off(pace, hours, now, ahead, pace.handling_median, nobody=nobody)
    expected = with_overrun(hours, done, pace.overrun_promise)
    promise = to_next_quarter(expected) if expected else _stated(queue, hours, now)
    probably = with_overrun(hours, done, pace.overrun_median)
    computed = expected is not None
    sooner = worked_off(pace, hours, now, ahead, pace.handling_lower, nobody=nobody)
    later = worked_off(pace, hours, now, ahead, pace.handling_upper, nobody=nobody)
    usual = pace.usual if pace.sample >= ENOUGH else None
    return Outlook(
        position=ahead + 1,
        expected_by=promise,
        soonest=with_overrun(hours, sooner, pace.overrun_lower),
        latest=with_overrun(hours, later, pace.overrun_upper),
        computed_from=Figures(
            method="computed" if computed else "stated",
            ahead=ahead,
            median_handling_seconds=pace.handling_median,
            agents_present=round(done.agents if done else pace.usually_present(now.astimezone(hours.zone)), 1),
            overrun_seconds=pace.overrun_promise,
            sample=pace.sample,
            usual_seconds=usual,
            longer_than_usual=computed and _is_longer(hours, now, probably, usual),
            open_now=open_now,
            next_open=None if open_now else _next_open(hours, now),
            closed_for="" if open_now else _closed_for(hours, now),
            nobody_present=nobody,
            computed_at=now.isoformat(),
        ),
    )


def count_ahead(queue: Queue, channel: str, record: WaitingRecord | None = None) -> int:
    """How many wait there in front of `record`, or of a new contact at the queue's priority."""
    waiting = WaitingRecord.objects.filter(queue=queue, channel=channel, ended_at=None)
    if record is None:
        return waiting.filter(priority__gte=queue.priority).count()
    sooner = Q(since__lt=record.since) | Q(since=record.since, id__lt=record.pk)
    return waiting.filter(Q(priority__gt=record.priority) | Q(sooner, priority=record.priority)).count()


def _stated(queue: Queue, hours: BusinessTime, now: datetime) -> datetime | None:
    try:
        return to_next_quarter(hours.add(now, timedelta(minutes=queue.response_target)))
    except NeverOpen:
        return None


def _is_anybody_present(queue: Queue) -> bool:
    return Presence.objects.filter(
        ended_at=None, status=PresenceStatus.AVAILABLE, agent__queues=queue, agent__is_active=True
    ).exists()


def _is_longer(hours: BusinessTime, now: datetime, probably: datetime | None, usual: float | None) -> bool:
    """Half of the answers come by `probably`, as half came within the usual time; a promise lies later than either."""
    if usual is None or probably is None:
        return False
    return hours.measure(now, probably).total_seconds() > max(usual * LONGER, usual + 900)


def _next_open(hours: BusinessTime, now: datetime) -> str | None:
    try:
        return hours.next_open(now).isoformat()
    except NeverOpen:
        return None


def _closed_for(hours: BusinessTime, now: datetime) -> str:
    """The holiday or special day for which there are no more opening hours today."""
    today = hours.todays_hours(now)
    still_opens = hours.measure(now, _midnight_after(hours, now)) > timedelta(0)
    return "" if still_opens else today.name


def _midnight_after(hours: BusinessTime, now: datetime) -> datetime:
    local = now.astimezone(hours.zone)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
