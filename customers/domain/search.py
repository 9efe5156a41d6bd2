"""Finding customers by parts of a name, an address or a number.

Who begins with what was typed comes first, then who has it anywhere; of each the newest customers first. As with any
frequent word, the newest part of the index is read first, and only as far back as the page and the count need.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_LOOK = """
SELECT total, ids, moments FROM customers_search_look(
    %(words)s, %(beginning)s, %(parts)s::bigint[], %(before_at)s::timestamptz, %(before_id)s::uuid, %(size)s
)
"""


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
    cleaned = " ".join(words.replace("\x00", "").split())[:100]
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


def persons(words: str) -> list[UUID]:
    """Customers of exactly this address, number or whole name, the newest first and not many; for finding their cases.

    Everybody merged with them is among them. A single word is no whole name: it would bring in all who have it.
    """
    cleaned = " ".join(words.replace("\x00", "").split())[:100]
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
    parts = spans.since(start, now) if start else None
    seen = _look(words, beginning, parts, before, size)
    while parts is not None and start is not None and (len(seen.places) < size or seen.total <= limit):
        start = newest.further_back(start, now, seen.total, max(limit, size))
        parts = spans.since(start, now) if start else None
        seen = _look(words, beginning, parts, before, size)
    return seen


def _look(words: str, beginning: bool | None, parts: list[int] | None, before: Place | None, size: int) -> _Seen:
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOK,
            {
                "words": words,
                "beginning": beginning,
                "parts": parts,
                "before_at": before.at if before else None,
                "before_id": before.id if before else None,
                "size": size,
            },
        )
        total, ids, moments = cursor.fetchone()
    found = zip(ids or [], moments or [], strict=True)
    return _Seen(total, [Place(bool(beginning), at, key) for key, at in found])
