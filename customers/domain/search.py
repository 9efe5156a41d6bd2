"""Finding customers by parts of a name, an address or a number.

Who begins with what was typed comes first, then who has it anywhere; of each the newest customers first. As with any
frequent word, the newest part of the index is read first, and only as far back as the page and the count need.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from customers.models import Customer
from foundation import clock, spans

COUNT_LIMIT = 10_000
FIRST_LOOK = 4_000  # customers
_PERSONS = 20
_WHOLE_NUMBER = 7  # digits
_WHOLE = """
SELECT c.id FROM customers_searchkey k
JOIN customers_customer c ON c.id = k.customer_id OR c.merged_into_id = k.customer_id
WHERE k.customer_id = ANY(%(roots)s)
  AND (%(number)s OR position(' ' || customers_folded(%(words)s) || ' ' IN k.folded) > 0)
ORDER BY c.merged_into_id NULLS FIRST, k.at DESC
"""
_LOOK = "customers_search_look(%s, %s, %s::bigint[], %s::timestamptz, %s::uuid, %s)"


@dataclass(frozen=True)
class Place:
    """Where a page ends: the last customer's kind of match and moment."""

    begins: bool
    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{'b' if self.begins else 'i'}_{self.at.isoformat()}_{self.id}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Raises ValueError for anything that `str` did not give."""
        kind, at, key = text.split("_")
        moment = datetime.fromisoformat(at)
        if kind not in {"b", "i"} or moment.tzinfo is None:
            raise ValueError("no place in a search")
        try:
            return cls(kind == "b", moment.astimezone(UTC), UUID(key))
        except OverflowError as error:
            raise ValueError("a moment before or after all that a database can hold") from error


@dataclass(frozen=True)
class FoundCustomers:
    """A page of customers by id. `count` is exact up to the limit asked for, and at least that beyond."""

    places: Sequence[Place]
    count: int
    more: bool


def find_customers(
    words: str, *, before: Place | None = None, size: int = 50, limit: int = COUNT_LIMIT
) -> FoundCustomers:
    """Those who have all the words; a word of one or two characters only where something begins with it.

    Merged customers are found as their root.
    """
    cleaned = _cleaned(words)
    if not cleaned:
        return FoundCustomers((), 0, more=False)
    places: list[Place] = []
    if before is None or before.begins:
        found = _look_back(cleaned, True, before, size + 1, 0)
        places = found.places
        before = None
    rest = max(0, size + 1 - len(places))
    found = _look_back(cleaned, False if rest else None, before, rest, limit)
    places += found.places
    return FoundCustomers(places[:size], found.total, len(places) > size)


def first_customers(words: str, size: int) -> list[UUID]:
    """The first that `find_customers` finds, without counting the others, looking for both kinds at once."""
    cleaned = _cleaned(words)
    now, newest = clock.now(), spans.newest(Customer, "created_at", FIRST_LOOK)
    starts = {True: newest.since, False: newest.since}
    seen = {True: _Seen(0, []), False: _Seen(0, [])}
    kinds = [True, False] if cleaned else []
    while kinds:
        parts = {kind: _parts(starts[kind], now) for kind in kinds}
        seen |= zip(kinds, _looks(cleaned, parts.items(), None, size), strict=True)
        missing = size - len(seen[True].places)
        kinds = [
            kind
            for kind in kinds
            if missing > 0 and parts[kind] is not None and (kind or len(seen[kind].places) < missing)
        ]
        for kind in kinds:
            starts[kind] = _further_back(newest, starts[kind], now, seen[kind].total, size)
    return [place.id for place in [*seen[True].places, *seen[False].places][:size]]


def persons(words: str) -> list[UUID]:
    """Customers of exactly this address, number or whole name, the newest first and not many; for finding their cases.

    Everybody merged with them is among them. A single word is no whole name: it would bring in all who have it.
    """
    cleaned = _cleaned(words)
    digits = re.sub(r"\D", "", cleaned)
    number = len(digits) >= _WHOLE_NUMBER and not re.search(r"[^-0-9 ()+./]", cleaned)
    if not number and "@" not in cleaned.strip("@") and " " not in cleaned:
        return []
    seen = _look(cleaned, None, None, None, _PERSONS)
    if not seen.places:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, {"roots": [place.id for place in seen.places], "words": cleaned, "number": number})
        return [key for (key,) in cursor.fetchall()]


@dataclass(frozen=True)
class _Seen:
    total: int
    places: list[Place]


def _look_back(words: str, beginning: bool | None, before: Place | None, size: int, limit: int) -> _Seen:
    """Looks at the newest customers first, then as far back as it takes to have `size` of them and count to `limit`."""
    now, newest = clock.now(), spans.newest(Customer, "created_at", FIRST_LOOK)
    start = newest.since
    parts = _parts(start, now)
    seen = _look(words, beginning, parts, before, size)
    while parts is not None and (len(seen.places) < size or seen.total <= limit):
        start = _further_back(newest, start, now, seen.total, max(limit, size))
        parts = _parts(start, now)
        seen = _look(words, beginning, parts, before, size)
    return seen


def _cleaned(words: str) -> str:
    return " ".join(words.replace("\x00", "").split())[:100]


def _parts(start: datetime | None, now: datetime) -> list[int] | None:
    return spans.since(start, now) if start else None


def _further_back(
    newest: spans.Newest, start: datetime | None, now: datetime, found: int, wanted: int
) -> datetime | None:
    return newest.further_back(start, now, found, wanted) if start else None


def _look(words: str, beginning: bool | None, parts: list[int] | None, before: Place | None, size: int) -> _Seen:
    return _looks(words, [(beginning, parts)], before, size)[0]


def _looks(
    words: str, asked: Collection[tuple[bool | None, list[int] | None]], before: Place | None, size: int
) -> list[_Seen]:
    """Several looks in one statement: each for matches of one kind in parts of the index, or in all of it."""
    names = [f"look{number}" for number in range(len(asked))]
    place = [before.at, before.id] if before else [None, None]
    values = [value for kind, parts in asked for value in (words, kind, parts, *place, size)]
    columns = ", ".join(f"{name}.total, {name}.ids, {name}.moments" for name in names)
    sources = ", ".join(f"{_LOOK} AS {name}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {sources}", values)  # noqa: S608 - of names made here
        row = cursor.fetchone()
    return [
        _Seen(total, [Place(bool(kind), at, key) for key, at in zip(ids or [], moments or [], strict=True)])
        for (kind, _), total, ids, moments in zip(asked, row[::3], row[1::3], row[2::3], strict=True)
    ]
