"""A case's story: its own messages and, around them, everything else between us and its customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from agents.models import Agent
from customers.domain.merge import members
from interactions.domain.access import visible_cases
from interactions.domain.timeline import Cursor, case_timeline, customer_timeline, trail
from interactions.enums import DeliveryState, MessageKind
from interactions.models import Case, Change, Message

PAGE = 40
PAST_CASES = 6


@dataclass(frozen=True)
class Story:
    """Messages oldest first, the case's changes in the same stretch of time, and where the older ones begin."""

    messages: Sequence[Message]
    changes: Sequence[Change]
    older: Cursor | None


def tell(agent: Agent, case: Case, before: Cursor | None = None) -> Story:
    """One page of the story. Messages of other cases are there as far as `agent` may see them."""
    own = case_timeline(case, before, PAGE)
    around = customer_timeline(agent, case.customer_id, before, PAGE)
    merged = {message.pk: message for message in (*around.messages, *own.messages)}
    ordered = sorted(merged.values(), key=lambda message: (message.occurred_at, message.pk))
    more = own.older is not None or around.older is not None or len(ordered) > PAGE
    page = ordered[-PAGE:]
    older = Cursor(page[0].occurred_at, page[0].pk) if more and page else None
    changes = [
        change
        for change in trail(case)
        if (before is None or change.created_at < before.at) and (older is None or change.created_at >= older.at)
    ]
    return Story(page, changes, older)


def last_messages(cases: Sequence[Case]) -> dict[UUID, Message]:
    """The newest message of each case that a person wrote and did not take back, by the case's id."""
    said = Message.objects.filter(
        case=OuterRef("pk"), kind__in=(MessageKind.MESSAGE, MessageKind.NOTE, MessageKind.FORWARD, MessageKind.LOG)
    )
    newest = said.exclude(delivery__state=DeliveryState.WITHDRAWN).order_by("-occurred_at", "-id").values("pk")[:1]
    keys = Case.objects.filter(pk__in=[case.pk for case in cases]).annotate(newest=Subquery(newest)).values("newest")
    found = Message.objects.filter(pk__in=keys).only(
        "case_id", "channel", "direction", "kind", "reply_text", "author_id", "occurred_at", "sender_name"
    )
    return {message.case_id: message for message in found if message.case_id is not None}


def past_cases(agent: Agent, case: Case) -> QuerySet[Case]:
    """The customer's other cases that `agent` may see, newest first."""
    return (
        visible_cases(agent)
        .filter(customer__in=members(case.customer_id))
        .exclude(pk=case.pk)
        .select_related("queue")
        .order_by("-active_at", "-id")
    )
