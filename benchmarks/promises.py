"""How often the acknowledgement's promise is kept: made again for every first mail of the demo year, from what was
known at its moment, and held against what really happened.

Aims: four in five are answered by the promised moment, and the promises are at most twice as long as reality (medians).
"""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from benchmarks import stage
from foundation import clock
from interactions.domain.answer_time import with_overrun, worked_off
from interactions.domain.work_off import to_next_quarter
from interactions.enums import ChannelName, Direction
from interactions.models import Interaction, Pace, Queue
from routing.domain.overrun import waits_since
from routing.domain.pace import WINDOW, compute_pace
from simulator.world.load import MONTHS_BACK, load

AIM_KEPT = 0.8
AIM_RATIO = 2.0
CHANNEL = str(ChannelName.EMAIL)
Outcome = tuple[datetime, datetime, datetime, datetime, float, float]


def run() -> dict[str, Any]:
    with stage.stage():
        load()
        outcomes = [each for queue in Queue.objects.select_related("calendar") for each in _of(queue)]
    computed = [each for each in outcomes if each[4] > 0]
    promised, took = ([each[place] for each in computed] for place in (4, 5))
    kept = sum(answered <= promise for _, promise, _, answered, _, _ in computed)
    without = sum(answered <= formula for _, _, formula, answered, _, _ in computed)
    ratio = statistics.median(promised) / statistics.median(took)
    by_month: dict[str, list[bool]] = defaultdict(list)
    for began, promise, _, answered, _, _ in computed:
        by_month[f"{began:%Y-%m}"].append(answered <= promise)
    return {
        "mails": len(outcomes),
        "computed": len(computed),
        "kept": round(kept / len(computed), 3),
        "aim_kept": AIM_KEPT,
        "kept_without_overrun": round(without / len(computed), 3),
        "promised_median_minutes": round(statistics.median(promised) / 60, 1),
        "took_median_minutes": round(statistics.median(took) / 60, 1),
        "ratio_of_medians": round(ratio, 2),
        "aim_ratio": AIM_RATIO,
        "kept_by_month": {month: round(statistics.mean(kept), 2) for month, kept in sorted(by_month.items())},
    }


def _of(queue: Queue) -> Iterable[Outcome]:
    """Began, promise, what the work ahead alone would have promised, answered, and how long was promised and how long
    it took, in seconds of business time.

    The promised time is 0 where the past did not tell and the queue's stated target would have been said.
    """
    hours = queue.calendar.hours()
    begins = clock.now() - MONTHS_BACK
    waits = waits_since(queue, CHANNEL, begins)
    paces: dict[date, Pace] = {}
    firsts = (
        Interaction.objects.filter(queue=queue, channel=CHANNEL, direction=Direction.INBOUND, answered_at__isnull=False)
        .filter(started_at__gte=begins + WINDOW)
        .order_by("case_id", "started_at")
        .distinct("case_id")
    )
    for began, answered in firsts.values_list("started_at", "answered_at"):
        assert answered is not None
        pace = paces.get(began.date())
        if pace is None:
            with clock.stopped_at(began.replace(hour=0, minute=0, second=0, microsecond=0)):
                pace = paces[began.date()] = compute_pace(queue, CHANNEL)
        done = worked_off(pace, hours, began, waits.ahead_at(began), pace.handling_median)
        expected = with_overrun(hours, done, pace.overrun_promise)
        took = hours.measure(began, answered).total_seconds()
        if done is None or expected is None or pace.overrun_promise is None:
            yield began, began, began, answered, 0.0, took
        else:
            promise, formula = to_next_quarter(expected), to_next_quarter(done.at)
            yield began, promise, formula, answered, hours.measure(began, promise).total_seconds(), took
