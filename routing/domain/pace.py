"""The pace of a queue: handling times, the usual response time and who is usually present, over the last 28 days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from statistics import median

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, Count, DurationField, F, QuerySet

from agents.enums import PresenceStatus
from agents.models import Presence
from foundation import clock
from foundation.calendar.business_time import BusinessTime
from interactions.enums import ChannelName, Direction, SegmentOutcome
from interactions.models import Interaction, Pace, Queue, Segment, WaitingRecord
from interactions.models.pace import HOURS_OF_WEEK
from routing.domain.overrun import overruns, shares, waits_since

WINDOW = timedelta(days=28)
KEPT = timedelta(minutes=10)
"""A pace younger than this is not computed again: weeks do not change in minutes."""
ANSWERS = 500
"""The usual response time is that of the latest so many."""
COMPUTED = (
    "computed_at", "sample", "handling_lower", "handling_median", "handling_upper",
    "overrun_lower", "overrun_median", "overrun_upper", "overrun_promise", "usual", "presence",
)  # fmt: skip
ONE_HOUR = timedelta(hours=1)
Span = tuple[datetime, datetime]


class Quartiles(Aggregate):
    """The three quartiles of a duration, by linear interpolation (PostgreSQL's percentile_cont)."""

    function = "percentile_cont"
    template = "%(function)s(array[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(DurationField())


def refresh_paces() -> int:
    """Computes anew the paces that are missing or old: of every queue's e-mail, and where else something waits."""
    now = clock.now()
    fresh = set(Pace.objects.filter(computed_at__gt=now - KEPT).values_list("queue", "channel"))
    places = {(queue, str(ChannelName.EMAIL)) for queue in Queue.objects.values_list("pk", flat=True)}
    places |= set(Pace.objects.values_list("queue", "channel"))
    places |= set(WaitingRecord.objects.filter(ended_at=None).values_list("queue", "channel").distinct())
    due = places - fresh
    for queue in Queue.objects.filter(pk__in={queue for queue, _ in due}).select_related("calendar"):
        for channel in sorted(channel for each, channel in due if each == queue.pk):
            refresh_pace(queue, channel)
    return len(due)


def refresh_pace(queue: Queue, channel: str) -> Pace:
    """Computes the pace of a queue and channel from its past and stores it."""
    computed = compute_pace(queue, channel)
    pace, _ = Pace.objects.update_or_create(
        queue=queue, channel=channel, defaults={name: getattr(computed, name) for name in COMPUTED}
    )
    return pace


def compute_pace(queue: Queue, channel: str) -> Pace:
    """The pace of a queue and channel from its past, as it is known now; not stored."""
    now = clock.now()
    hours = queue.calendar.hours()
    lower, middle, upper, sample = _handling(queue, channel, now)
    answered = _answered(queue, channel, now)
    pace = Pace(
        queue=queue,
        channel=channel,
        computed_at=now,
        sample=sample,
        handling_lower=lower,
        handling_median=middle,
        handling_upper=upper,
        usual=median(hours.measure(start, end).total_seconds() for start, end in answered) if answered else None,
        presence=presence_by_hour(_intervals(queue, now), now - WINDOW, now, hours),
    )
    overrun = overruns(pace, hours, answered, waits_since(queue, channel, now - WINDOW))
    pace.overrun_lower, pace.overrun_median, pace.overrun_upper, pace.overrun_promise = shares(overrun)
    return pace


def _handling(queue: Queue, channel: str, now: datetime) -> tuple[float | None, float | None, float | None, int]:
    handled = Segment.objects.filter(
        queue=queue,
        channel=channel,
        ended_at__range=(now - WINDOW, now),
        outcome=SegmentOutcome.ENDED,
        accepted_at__isnull=False,
    )
    figures = handled.aggregate(quartiles=Quartiles(F("ended_at") - F("accepted_at")), sample=Count("id"))
    if not figures["sample"]:
        return None, None, None, 0
    lower, middle, upper = (each.total_seconds() for each in figures["quartiles"])
    return lower, middle, upper, int(figures["sample"])


def _answered(queue: Queue, channel: str, now: datetime) -> list[Span]:
    """Beginning and first answer of the latest contacts."""
    answered = (
        Interaction.objects.filter(
            queue=queue,
            channel=channel,
            direction=Direction.INBOUND,
            started_at__gte=now - WINDOW,
            answered_at__lte=now,
        )
        .order_by("-started_at")
        .values_list("started_at", "answered_at")[:ANSWERS]
    )
    return [(start, end) for start, end in answered if end is not None]


def _intervals(queue: Queue, now: datetime) -> QuerySet[Presence, tuple[datetime, datetime | None]]:
    return Presence.objects.filter(
        agent__queues=queue,
        status=PresenceStatus.AVAILABLE,
        started_at__range=(now - WINDOW - timedelta(days=1), now),
    ).values_list("started_at", "ended_at")


def presence_by_hour(
    intervals: Iterable[tuple[datetime, datetime | None]], start: datetime, end: datetime, hours: BusinessTime
) -> list[float]:
    """How many agents were present on average in each hour of the week, by the calendar's clock.

    `intervals` are agents' available times, None for still so. Hours of days on which the calendar is closed by a
    holiday or special day are not counted, so that a quiet holiday does not thin out its weekday.
    """
    present = [0.0] * HOURS_OF_WEEK
    seconds = [0.0] * HOURS_OF_WEEK
    usual_days: dict[date, bool] = {}

    def slot(moment: datetime) -> int | None:
        local = moment.astimezone(hours.zone)
        day = local.date()
        if day not in usual_days:
            usual_days[day] = not hours.hours_on(day).name
        return local.weekday() * 24 + local.hour if usual_days[day] else None

    for begins, ends in _by_the_hour([(start, end)], start, end, hours.zone):
        if (place := slot(begins)) is not None:
            seconds[place] += (ends - begins).total_seconds()
    for begins, ends in _by_the_hour(((begin, stop or end) for begin, stop in intervals), start, end, hours.zone):
        if (place := slot(begins)) is not None:
            present[place] += (ends - begins).total_seconds()
    return [round(each / total, 3) if total else 0.0 for each, total in zip(present, seconds, strict=True)]


def _by_the_hour(spans: Iterable[Span], start: datetime, end: datetime, zone: tzinfo) -> Iterator[Span]:
    """The spans, within `start` and `end`, cut at the full hours of the local clock."""
    for begins, ends in spans:
        moment, last = max(begins, start).astimezone(UTC), min(ends, end).astimezone(UTC)
        while moment < last:
            local = moment.astimezone(zone)
            into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            cut = min(moment + (ONE_HOUR - into), last)
            yield moment, cut
            moment = cut
