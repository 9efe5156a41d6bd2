"""The outlook of a queue: how many are ahead, and by when somebody new there will presumably be answered.

The mails ahead times the median handling time of the last 28 days make the work; it is worked off, in the queue's
opening hours, by the agents who usually are present in each hour (`Pace`). One handling time of one's own comes on
top, and the promise is rounded up to the next quarter of an hour. With fewer than 50 past ones the queue's stated
target holds.
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
from interactions.domain.work_off import ONE_HOUR, WorkedOff, to_next_quarter, work_off
from interactions.enums import ChannelName
from interactions.models import Pace, Queue, WaitingRecord

ENOUGH = 50
LONGER = 1.5
"""Longer than usual: more than this times the usual response time, and by a quarter of an hour at least."""


@dataclass(frozen=True)
class Figures:
    """What an expectation was computed from, as it is stored and put into words. Moments are ISO 8601 in UTC."""

    method: str
    ahead: int
    median_handling_seconds: float | None
    agents_present: float
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
    worked_off = _expect(pace, hours, now, ahead, pace.handling_median, nobody=nobody)
    promise = _promise(queue, hours, now, worked_off)
    computed = worked_off is not None
    usual = pace.usual if pace.sample >= ENOUGH else None
    return Outlook(
        position=ahead + 1,
        expected_by=promise,
        soonest=_at(_expect(pace, hours, now, ahead, pace.handling_lower, nobody=nobody)),
        latest=_at(_expect(pace, hours, now, ahead, pace.handling_upper, nobody=nobody)),
        computed_from=Figures(
            method="computed" if computed else "stated",
            ahead=ahead,
            median_handling_seconds=pace.handling_median,
            agents_present=round(worked_off.agents if worked_off else _present(pace, hours, now), 1),
            sample=pace.sample,
            usual_seconds=usual,
            longer_than_usual=computed and promise is not None and _is_longer(hours.measure(now, promise), usual),
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


def _expect(
    pace: Pace, hours: BusinessTime, now: datetime, ahead: int, handling: float | None, *, nobody: bool
) -> WorkedOff | None:
    """When it will be answered at this handling time in seconds; None when the past does not tell."""
    if handling is None or pace.sample < ENOUGH or not any(pace.presence):
        return None
    this_hour = now.astimezone(hours.zone).replace(minute=0, second=0, microsecond=0)

    def present(local: datetime) -> float:
        if nobody and local - this_hour < ONE_HOUR:
            return 0.0  # whatever is usual, in this hour nobody is here
        return pace.usually_present(local)

    own = timedelta(seconds=handling)
    turn = work_off(hours, now, own * ahead, present)
    if turn is None:
        return None
    # One's own handling is done by one agent, as soon as one is there.
    done = work_off(hours, turn.at, own, lambda local: min(present(local), 1.0))
    return WorkedOff(done.at, turn.agents if ahead else done.agents) if done else None


def _promise(queue: Queue, hours: BusinessTime, now: datetime, worked_off: WorkedOff | None) -> datetime | None:
    if worked_off is not None:
        return to_next_quarter(worked_off.at)
    try:
        return to_next_quarter(hours.add(now, timedelta(minutes=queue.response_target)))
    except NeverOpen:
        return None


def _at(worked_off: WorkedOff | None) -> datetime | None:
    return worked_off.at if worked_off else None


def _present(pace: Pace, hours: BusinessTime, now: datetime) -> float:
    return pace.usually_present(now.astimezone(hours.zone))


def _is_anybody_present(queue: Queue) -> bool:
    return Presence.objects.filter(
        ended_at=None, status=PresenceStatus.AVAILABLE, agent__queues=queue, agent__is_active=True
    ).exists()


def _is_longer(expected: timedelta, usual: float | None) -> bool:
    if usual is None:
        return False
    return expected.total_seconds() > max(usual * LONGER, usual + 900)


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
