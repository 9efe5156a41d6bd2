"""Finding cases and messages by their words, a case's number, or whose they are; newest first, at one cost.

A frequent word is not looked up in all of the index. The newest few thousand messages come first; how many of them
match says how far back one must go to fill the page and to count up to the limit, and only as far is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from foundation import clock, spans
from interactions.domain.timeline import Cursor
from interactions.models import Message

COUNT_LIMIT = 10_000
FIRST_LOOK = 6_000  # messages
_SHORTEST_BEGINNING = 3  # characters of a word that is still being typed
_LINE = re.compile(r'(?:-[^\w"]*){2,}')  # a pasted line: each hyphen would negate, and PostgreSQL nests 32 at the most
_SIGN = 1 << 63
_LOOK = """
SELECT total, ids, moments, messages FROM interactions_search_look(
    websearch_to_tsquery('simple', %(words)s) && to_tsquery('simple', %(beginning)s), %(by_case)s,
    %(spans)s::bigint[], %(queues)s::uuid[], %(marks)s::bigint[], %(statuses)s::text[], %(owners)s::uuid[],
    %(narrowings)s::text[], %(customers)s::uuid[], %(cases)s::uuid[], %(persons)s::uuid[], %(number)s,
    %(before_at)s::timestamptz, %(before_id)s::uuid, %(size)s
)
"""


@dataclass(frozen=True)
class Asked:
    """What is looked for, and among what. None stands for all: queues, statuses, owners, customers, cases.

    `narrowings` are of unanswered, unowned and waiting. `persons` are customers whose cases are found whatever was
    written in them.
    """

    words: str
    queues: Sequence[UUID] | None
    statuses: Sequence[str] | None = None
    owners: Sequence[UUID] | None = None
    customers: Sequence[UUID] | None = None
    cases: Sequence[UUID] | None = None
    narrowings: Sequence[str] = ()
    persons: Sequence[UUID] = ()

    @property
    def nowhere(self) -> bool:
        among = (self.queues, self.statuses, self.owners, self.customers, self.cases)
        return any(one is not None and not one for one in among)


@dataclass(frozen=True)
class Hit:
    """A case or a message that was found; `at` is when its newest matching message was written."""

    id: UUID
    at: datetime
    message: UUID | None

    @property
    def place(self) -> Cursor:
        return Cursor(self.at, self.id)


@dataclass(frozen=True)
class Found:
    """A page of hits, newest first. `count` is exact up to the limit that was asked for, and at least that beyond;
    `whole`: everything was looked at, so that it is exact whatever the limit.
    """

    hits: Sequence[Hit]
    count: int
    more: bool
    whole: bool = True


def find_cases(asked: Asked, *, before: Cursor | None = None, size: int = 30, limit: int = COUNT_LIMIT) -> Found:
    """Cases with a message that has all the words, with that number, or of those persons.

    The last word may be the beginning of one. A cursor is the `place` of the last hit of the page before.
    """
    return _find(asked, before, size, limit, by_case=True)


def find_messages(asked: Asked, *, before: Cursor | None = None, size: int = 50, limit: int = COUNT_LIMIT) -> Found:
    """Messages that have all the words."""
    return _find(replace(asked, persons=()), before, size, limit, by_case=False)


@dataclass
class _Look:
    """One question to the index, with how much of it one may have to read."""

    asked: Asked
    before: Cursor | None
    size: int
    by_case: bool
    beginning: bool

    def in_(self, part: list[int] | None) -> Found:
        """What there is in the spans, or in all of the index."""
        asked = self.asked
        words, beginning = _split(asked.words) if self.beginning else (asked.words, "")
        number = re.fullmatch(r"#?(\d{1,12})", asked.words)
        with connection.cursor() as cursor:
            cursor.execute(
                _LOOK,
                {
                    "words": words.removeprefix("#"),
                    "beginning": beginning,
                    "by_case": self.by_case,
                    "spans": part,
                    "queues": _list(asked.queues),
                    "marks": _queue_marks(asked.queues),
                    "statuses": _list(asked.statuses),
                    "owners": _list(asked.owners),
                    "narrowings": list(asked.narrowings),
                    "customers": _list(asked.customers),
                    "cases": _list(asked.cases),
                    "persons": list(asked.persons) or None,
                    "number": int(number[1]) if number and self.by_case else None,
                    "before_at": self.before.at if self.before else None,
                    "before_id": self.before.id if self.before else None,
                    "size": self.size + 1,
                },
            )
            total, ids, moments, messages = cursor.fetchone()
        hits = [Hit(*one) for one in zip(ids or [], moments or [], messages or [], strict=True)]
        return Found(hits[: self.size], total, len(hits) > self.size, whole=part is None)


def _list(values: Sequence[object] | None) -> list[object] | None:
    return None if values is None else list(values)


def _find(asked: Asked, before: Cursor | None, size: int, limit: int, *, by_case: bool) -> Found:
    asked = replace(asked, words=" ".join(_LINE.sub(" ", asked.words.replace("\x00", "")).split())[:200])
    if asked.nowhere or not asked.words:
        return Found((), 0, more=False)
    now, newest = clock.now(), spans.newest(Message, "occurred_at", FIRST_LOOK)
    start = newest.since
    part = spans.since(start, now) if start else None
    look = _Look(asked, before, size, by_case, beginning=False)
    found = look.in_(part)
    if found.count <= size and _split(asked.words)[1] and not _frequent(asked.words.split(" ")[-1], part, size):
        # Not a word of its own, or a rare one: it may still grow. (A frequent one is meant as it stands; reading all
        # words that begin with it would cost most where it is needed least.)
        look.beginning = True
        found = look.in_(part)
    while part is not None and start is not None and not _enough(found, limit):
        start = newest.further_back(start, now, found.count, max(limit, 2 * size))
        part = spans.since(start, now) if start else None
        found = look.in_(part)
    return found


def _frequent(word: str, part: list[int] | None, size: int) -> bool:
    """Whether the word fills a page from the newest messages of all queues; where that is everything, none does."""
    if part is None:
        return False
    return _Look(Asked(word, None), None, 0, by_case=False, beginning=False).in_(part).count > size


def _enough(found: Found, limit: int) -> bool:
    return found.count > limit and found.more


def _split(words: str) -> tuple[str, str]:
    """The finished words, and the last as the beginning of one ('' where it is finished, quoted, excluded or short)."""
    *finished, last = words.split(" ")
    if len(last) < _SHORTEST_BEGINNING or '"' in words or last[0] == "-" or "or" in words.lower().split():
        return words, ""
    quoted = last.replace("\\", "").replace("'", "''")
    return " ".join(finished), f"'{quoted}':*"


def _queue_marks(queues: Sequence[UUID] | None) -> list[int] | None:
    """The marks of these queues (see `interactions_search_marks`); None where they are too many for a question.

    A mark only narrows: two queues could share one, so that the queue itself is compared as well.
    """
    if queues is None or len(queues) > spans.MOST:
        return None
    return [(queue.int & (_SIGN - 1)) - _SIGN for queue in queues]
