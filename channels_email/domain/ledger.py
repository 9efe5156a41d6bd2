"""The ledger of all mail: what came by which door on which day, what became of it, and whether that adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from channels_email.enums import RawState
from channels_email.models import RawEmail
from interactions.domain.timeline import Cursor

PAGE = 50
AGAIN = (RawState.QUARANTINED, RawState.IGNORED, RawState.SPAM)  # what can be processed again, one by one


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """A part of the ledger: the days from `first` to `last` in `zone`, and what is asked of the mails of these days."""

    first: date
    last: date
    zone: str = "UTC"
    door: str = ""
    state: str = ""
    reason: str = ""
    sender: str = ""

    def as_json(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Narrowing:
        """What `as_json` gave; raises ValueError, KeyError for anything else."""
        known = {each.name for each in fields(cls)}
        rest = {name: str(value) for name, value in kept.items() if name in known - {"first", "last"}}
        return cls(first=date.fromisoformat(kept["first"]), last=date.fromisoformat(kept["last"]), **rest)


def put_aside(mails: QuerySet[RawEmail], asked: Narrowing) -> QuerySet[RawEmail]:
    """What processing all of them again takes in: what was quarantined. What was ignored or marked as spam only where
    nothing else is asked for, so that nobody lets it all in by the way.
    """
    return narrow(mails, asked).filter(state=state_again(asked))


def state_again(asked: Narrowing) -> RawState:
    """Which state `put_aside` is about."""
    return RawState(asked.state) if asked.state in AGAIN else RawState.QUARANTINED


@dataclass(frozen=True)
class DayOfDoor:
    """What came by one door on one day. `states` counts by state; their sum is `received`."""

    day: date
    door: str
    states: dict[str, int]

    @property
    def received(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True)
class MailPage:
    """Newest first; `older` is where the next page begins."""

    mails: Sequence[RawEmail]
    older: Cursor | None


def in_days(mails: QuerySet[RawEmail], asked: Narrowing) -> QuerySet[RawEmail]:
    start, end = span(asked)
    return mails.filter(received_at__gte=start, received_at__lt=end)


def narrow(mails: QuerySet[RawEmail], asked: Narrowing) -> QuerySet[RawEmail]:
    """Those of `mails` that the narrowing asks for."""
    found = in_days(mails, asked)
    if asked.door:
        found = found.filter(door=asked.door)
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.reason:
        found = found.filter(reason=asked.reason)
    if asked.sender:
        found = found.filter(Q(sender__icontains=asked.sender) | Q(recipients__icontains=asked.sender))
    return found


def list_mails(mails: QuerySet[RawEmail], asked: Narrowing, before: Cursor | None = None, size: int = PAGE) -> MailPage:
    found = narrow(mails, asked)
    if before is not None:
        found = found.filter(Q(received_at__lt=before.at) | Q(received_at=before.at, id__lt=before.id))
    rows = list(found.select_related("case", "mailbox").order_by("-received_at", "-id")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return MailPage(rows, Cursor(rows[-1].received_at, rows[-1].pk) if more else None)


def count_days(mails: QuerySet[RawEmail], asked: Narrowing) -> list[DayOfDoor]:
    """Each day and door of the narrowing's days in which something came, latest day first."""
    rows = (
        in_days(mails, asked)
        .annotate(day=TruncDate("received_at", tzinfo=ZoneInfo(asked.zone)))
        .order_by()
        .values_list("day", "door", "state")
        .annotate(mails=Count("pk"))
    )
    days: dict[tuple[date, str], dict[str, int]] = defaultdict(dict)
    for day, door, state, number in rows:
        days[day, door][state] = number
    latest_first = sorted(days.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1]))
    return [DayOfDoor(day, door, states) for (day, door), states in latest_first]


def count_reasons(mails: QuerySet[RawEmail], asked: Narrowing) -> list[tuple[str, str, int]]:
    """(state, reason, how many) of what did not become a message in these days, most frequent first."""
    rows = (
        in_days(mails, asked)
        .filter(state__in=(RawState.IGNORED, RawState.SPAM, RawState.QUARANTINED, RawState.REFUSED))
        .order_by()
        .values_list("state", "reason")
        .annotate(mails=Count("pk"))
    )
    return sorted(
        ((state, reason, number) for state, reason, number in rows), key=lambda row: (-row[2], row[0], row[1])
    )


def span(asked: Narrowing) -> tuple[datetime, datetime]:
    """The moment at which the first day begins and that at which the last one is over."""
    zone = ZoneInfo(asked.zone)
    start = datetime.combine(asked.first, time.min, zone)
    return start, datetime.combine(asked.last + timedelta(days=1), time.min, zone)
