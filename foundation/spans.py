"""Spans of time as words of an index, so that a frequent word is looked up in its newest part only.

A span is so many hours, times a power of four, since 1970. Every moment lies in one span of each size; the newest part
of an index is a handful of spans of one size. `foundation_spans` in the database gives the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models

from foundation import clock

SIZES = 9
MOST = 8  # spans in one question; each is another list for the index to read
_HOUR = 3600
_ALL = timedelta(days=365 * 60)
_KNOWN_FOR = timedelta(minutes=1)


def since(start: datetime, now: datetime) -> list[int] | None:
    """The spans that cover all from `start` on, with somewhat more before it; None where they would be all there are.

    The span after the present one is among them: another machine's clock may be a little ahead.
    """
    for size in range(SIZES):
        length = _HOUR * 4**size
        first, last = int(start.timestamp() // length), int(now.timestamp() // length) + 1
        if last - first < MOST:
            return [(size << 40) + span for span in range(first, last + 1)]
    return None


@dataclass(frozen=True)
class Newest:
    """Since when the newest `number` rows of a table are there (None: it has no more), and about how many it has."""

    since: datetime | None
    number: int
    rows: int
    read_at: datetime

    def further_back(self, start: datetime, now: datetime, found: int, wanted: int) -> datetime | None:
        """Since when there should be `wanted`, judged by how many were found since `start`; None for all there is.

        Twice as many as wanted are better counted in one go than approached in steps.
        """
        if self.since is None:
            return None
        read = self.number * max(1.0, (now - start) / (now - self.since)) if now > self.since else self.number
        if found * self.rows <= 2 * wanted * read:
            return None
        times = max(2.5, 1.4 * wanted / found)
        return now - (now - start) * times if (now - start) < _ALL / times else None


_known: dict[tuple[str, str], Newest] = {}  # however old, it says only how far a first look goes


def newest(model: type[models.Model], moment: str, number: int) -> Newest:
    """The newest `number` rows of the model by the field `moment`, which must be indexed; remembered for a minute."""
    key = (str(connection.settings_dict["NAME"]), f"{model._meta.label}.{number}")
    known, now = _known.get(key), clock.now()
    if known is None or not timedelta() <= now - known.read_at < _KNOWN_FOR:
        moments = model._default_manager.order_by(f"-{moment}").values(moment)[number : number + 1]
        first, values = moments.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT ({first}), (SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass)",  # noqa: S608 - the ORM's own
                [*values, model._meta.db_table],
            )
            start, rows = cursor.fetchone()
        known = Newest(start, number, max(number, rows), now)
        _known[key] = known
    return known
