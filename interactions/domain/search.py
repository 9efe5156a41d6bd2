"""Finding cases by the words of their messages, their number, or their customer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q, QuerySet

from customers.domain.merge import everybody
from customers.models import Customer, Identity
from interactions.models import Case, Message, SearchEntry

INDEXED_CHARACTERS = 100_000  # a tsvector holds 1 MB; beyond this nobody looks for a word


def index_messages(messages: Iterable[UUID]) -> None:
    """Writes the words of these messages to the search index; again is the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO interactions_searchentry (message_id, case_id, words)
            SELECT m.id, m.case_id,
                   setweight(to_tsvector('simple', left(m.subject, 1000)), 'A')
                   || setweight(to_tsvector('simple', left(m.sender_name || ' ' || m.sender_address, 1000)), 'B')
                   || to_tsvector('simple', left(CASE WHEN m.text = '' THEN m.reply_text ELSE m.text END, %s))
            FROM interactions_message m
            WHERE m.id = ANY(%s) AND m.case_id IS NOT NULL
            ON CONFLICT (message_id) DO UPDATE SET words = EXCLUDED.words, case_id = EXCLUDED.case_id
            """,
            [INDEXED_CHARACTERS, list(messages)],
        )


def search_cases(cases: QuerySet[Case], query: str) -> QuerySet[Case]:
    """Those of `cases` with all words of `query` in one message, with that number, or of that address or name."""
    cleaned = query.replace("\x00", "").strip()[:200]
    if not cleaned:
        return cases
    number = re.fullmatch(r"#?(\d{1,12})", cleaned)
    if number:
        return cases.filter(number=int(number.group(1)))
    if "@" in cleaned and " " not in cleaned:
        customers = Identity.objects.filter(value=cleaned.lower()).values("customer")
        return cases.filter(Q(customer__in=everybody(customers)) | Q(pk__in=_with_words(cleaned)))
    return cases.filter(Q(pk__in=_with_words(cleaned)) | Q(customer__in=everybody(_named(cleaned))))


def search_messages(messages: QuerySet[Message], query: str) -> QuerySet[Message]:
    """Those of `messages` that have all words of `query`."""
    cleaned = query.replace("\x00", "").strip()[:200]
    if not cleaned:
        return messages
    words = SearchQuery(cleaned, config="simple", search_type="websearch")
    return messages.filter(search_entry__words=words)


def _with_words(query: str) -> QuerySet[SearchEntry, UUID]:
    return SearchEntry.objects.filter(words=SearchQuery(query, config="simple", search_type="websearch")).values_list(
        "case", flat=True
    )


def _named(name: str) -> QuerySet[Customer, UUID]:
    return Customer.objects.filter(name__iexact=name).values_list("pk", flat=True)
