"""Writing the search index: one entry for each message, after it was stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from django.db import connection

from foundation import clock
from interactions.models import Message

INDEXED_CHARACTERS = 100_000  # a tsvector holds 1 MB; beyond this nobody looks for a word

# The case's subject is indexed with each of its messages where an agent has given it another one.
_INDEX = """
INSERT INTO interactions_searchentry (message_id, case_id, queue_id, at, words)
SELECT m.id, m.case_id, c.queue_id, LEAST(m.occurred_at, %(now)s),
       setweight(to_tsvector('simple', left(m.subject, 1000)
           || CASE WHEN position(c.subject IN m.subject) > 0 THEN '' ELSE ' ' || c.subject END), 'A')
       || setweight(to_tsvector('simple', left(m.sender_name || ' ' || m.sender_address, 1000)), 'B')
       || to_tsvector('simple', left(CASE WHEN m.text = '' THEN m.reply_text ELSE m.text END, %(most)s))
FROM interactions_message m JOIN interactions_case c ON c.id = m.case_id
WHERE {which}
ORDER BY m.occurred_at, m.id
ON CONFLICT (message_id) DO UPDATE
SET words = EXCLUDED.words, case_id = EXCLUDED.case_id, queue_id = EXCLUDED.queue_id, at = EXCLUDED.at
"""


def index_messages(messages: Iterable[UUID]) -> None:
    """Writes the words of these messages to the search index; again is the same."""
    _index("m.id = ANY(%(keys)s)", list(messages))


def index_cases(cases: Iterable[UUID]) -> None:
    """The same for all messages of these cases: their queue or their subject has changed."""
    _index("m.case_id = ANY(%(keys)s)", list(cases))


def index_everything(piece: int = 20_000) -> None:
    """All messages anew, oldest first, committed piece by piece. For a store that was filled past the doors."""
    keys = Message.objects.exclude(case=None).order_by("occurred_at", "id").values_list("pk", flat=True)
    for some in _batched(keys.iterator(chunk_size=piece), piece):
        index_messages(some)


def _batched(keys: Iterator[UUID], size: int) -> Iterator[list[UUID]]:
    while some := list(islice(keys, size)):
        yield some


def _index(which: str, keys: list[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _INDEX.format(which=which), {"now": clock.now(), "most": INDEXED_CHARACTERS, "keys": keys or None}
        )
