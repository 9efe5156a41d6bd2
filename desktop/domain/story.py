"""A case's story: its own messages and, around them, everything else between us and its customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from agents.domain.known_by_rights import known_by_rights
from agents.models import Agent
from foundation.kept_queries import kept_query
from interactions.domain.access import visible_cases
from interactions.domain.overtaking import is_by_others, last_of_others
from interactions.domain.recipients import is_answerable, message_to_answer
from interactions.domain.search import Hit
from interactions.domain.timeline import Cursor, case_story, trail
from interactions.enums import DeliveryState, MessageKind
from interactions.models import Case, Change, Message

PAGE = 20
PAST_CASES = 6
_OF_A_LINE = (
    "case_id",
    "channel",
    "direction",
    "kind",
    "reply_text",
    "author_id",
    "occurred_at",
    "sender_name",
    "sender_address",
    "party",
)


@dataclass(frozen=True)
class Story:
    """Messages oldest first, the case's changes in the same stretch of time, and where the older ones begin."""

    messages: Sequence[Message]
    changes: Sequence[Change]
    older: Cursor | None


def tell(agent: Agent, case: Case, before: Cursor | None = None, *, everybody: Sequence[UUID]) -> Story:
    """One page of the story. Messages of other cases are there as far as `agent` may see them."""
    page = case_story(agent, case, everybody, before, PAGE)
    older = page.older
    changes = [
        change
        for change in trail(case)
        if (before is None or change.created_at < before.at) and (older is None or change.created_at >= older.at)
    ]
    return Story(page.messages, changes, older)


def last_messages(cases: Sequence[Case]) -> dict[UUID, Message]:
    """The newest message of each case that a person wrote and did not take back, by the case's id."""
    return {message.case_id: message for message in _newest(cases=tuple(case.pk for case in cases)) if message.case_id}


@kept_query
def _newest(*, cases: Sequence[UUID]) -> QuerySet[Message]:
    said = Message.objects.filter(
        case=OuterRef("pk"), kind__in=(MessageKind.MESSAGE, MessageKind.NOTE, MessageKind.FORWARD, MessageKind.LOG)
    )
    newest = said.exclude(delivery__state=DeliveryState.WITHDRAWN).order_by("-occurred_at", "-id").values("pk")[:1]
    keys = Case.objects.filter(pk__in=cases).annotate(newest=Subquery(newest)).values("newest")
    return Message.objects.filter(pk__in=keys).only(*_OF_A_LINE)


def messages_of(hits: Mapping[UUID, Hit]) -> dict[UUID, Message]:
    """The messages that were found, by their case; nothing is asked for where nothing was looked for."""
    found = _found(messages=tuple(hit.message for hit in hits.values() if hit.message))
    return {message.case_id: message for message in found if message.case_id is not None}


@kept_query
def _found(*, messages: Sequence[UUID]) -> QuerySet[Message]:
    return Message.objects.filter(pk__in=messages).exclude(delivery__state=DeliveryState.WITHDRAWN).only(*_OF_A_LINE)


def answerable(case: Case, story: Story) -> Message | None:
    """The same as `message_to_answer`; `story` is the newest page of it, where it mostly stands."""
    for message in reversed(story.messages):
        if message.case_id == case.pk and is_answerable(message):
            return message
    return message_to_answer(case) if story.older else None


def last_told(case: Case, agent: Agent, story: Story) -> Message | None:
    """The same as `last_of_others`; `story` is the newest page of it, where it mostly stands."""
    there = [message for message in story.messages if message.case_id == case.pk and is_by_others(message, agent)]
    if there:
        return max(there, key=attrgetter("pk"))
    return last_of_others(case, agent) if story.older else None


def past_cases(agent: Agent, case: Case, everybody: Sequence[UUID]) -> list[Case]:
    """The newest of the customer's other cases that `agent` may see; one more than PAST_CASES where there are more."""
    return _others(agent.permissions, agent=agent.pk, case=case.pk, everybody=tuple(everybody))


@kept_query
def _others(rights: frozenset[str], *, agent: UUID, case: UUID, everybody: Sequence[UUID]) -> QuerySet[Case]:
    return (
        visible_cases(known_by_rights(agent, rights))
        .filter(customer__in=everybody)
        .exclude(pk=case)
        .select_related("queue")
        .order_by("-active_at", "-id")[: PAST_CASES + 1]
    )
