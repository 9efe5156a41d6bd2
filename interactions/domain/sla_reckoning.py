"""When a promise is due: business time from its start, without the time in which it was the customer's turn. Pure.

Every answer is reckoned from the facts alone (start, pauses, calendar), never from an earlier answer: so the order in
which facts become known does not matter, and a changed calendar is reckoned with at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation.calendar.business_time import BusinessTime, NeverOpen


@dataclass(frozen=True)
class Pause:
    """From `began` until `ended`; None: it lasts."""

    began: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Times:
    """When to warn and when it is due; both None while it is paused or when the calendar is never open again."""

    warn_at: datetime | None
    due_at: datetime | None
    paused_since: datetime | None


def reckon(
    hours: BusinessTime, started_at: datetime, pauses: Sequence[Pause], *, target: timedelta, warn_after: timedelta
) -> Times:
    """Of a clock that is not ended. A clock that was due before its pause began stays due then."""
    own = _own(pauses, started_at)
    due_at = _after(hours, started_at, own, target)
    warn_at = _after(hours, started_at, own, warn_after)
    lasting = own[-1] if own and own[-1].ended is None else None
    return Times(warn_at, due_at, lasting.began if lasting else None)


def _own(pauses: Iterable[Pause], started_at: datetime) -> list[Pause]:
    """Those that concern the clock, in their order and none within another."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.began):
        if pause.ended is not None and pause.ended <= max(started_at, pause.began):
            continue
        began = max(pause.began, started_at)
        last = merged[-1] if merged else None
        if last is not None and (last.ended is None or began <= last.ended):
            ended = None if last.ended is None or pause.ended is None else max(last.ended, pause.ended)
            merged[-1] = Pause(last.began, ended)
        else:
            merged.append(Pause(began, pause.ended))
    return merged


def _after(hours: BusinessTime, started_at: datetime, pauses: Sequence[Pause], wanted: timedelta) -> datetime | None:
    """The moment at which the clock has run for `wanted`; None when the last pause came first, or never."""
    at, left = started_at, wanted
    try:
        for pause in pauses:
            run = hours.measure(at, pause.began)
            if run >= left:
                return hours.add(at, left)
            if pause.ended is None:
                return None
            at, left = pause.ended, left - run
        return hours.add(at, left)
    except NeverOpen:
        return None
