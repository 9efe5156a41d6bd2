"""The customer's story: every message of every channel, newest last, read page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from agents.domain.known_by_rights import known_by_rights
from agents.models import Agent
from customers.domain.merge import members
from foundation.kept_queries import kept_query
from interactions.domain.access import visible_messages
from interactions.enums import DeliveryState, Direction
from interactions.models import Attachment, Case, Change, Message

PAGE = 40
FILES = 20
"""So many files of a message come with it, and one more where there are more; a stranger's mail can have thousands."""
_YES = BooleanField()
_SHOWN = Q(inline=False) | ~Q(message__direction=Direction.INBOUND)


@dataclass(frozen=True)
class Cursor:
    """The place in a timeline before which the next page ends."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises ValueError for anything that `str` did not give."""
        at, _, key = text.partition("_")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        try:
            return cls(moment.astimezone(UTC), UUID(key))
        except OverflowError as error:
            raise ValueError("a moment before or after all that a database can hold") from error


@dataclass(frozen=True)
class Page:
    """Messages oldest first, each with its `first_files`, and where the older ones begin (None: there are none)."""

    messages: Sequence[Message]
    older: Cursor | None


def case_story(
    agent: Agent, case: Case, everybody: Sequence[UUID], before: Cursor | None = None, size: int = PAGE
) -> Page:
    """The messages of a case, whose door must have been passed, among all others of its customer that `agent` may see.

    `everybody` are the customer's members (see `customers.domain.merge`).
    """
    return _page(agent, everybody, before, size, case=case.pk)


def customer_timeline(agent: Agent, customer: UUID, before: Cursor | None = None, size: int = PAGE) -> Page:
    """All that this customer and those merged with it wrote and got in every channel, as far as `agent` may see."""
    return _page(agent, members(customer), before, size)


def _page(agent: Agent, everybody: Sequence[UUID], before: Cursor | None, size: int, **of_case: UUID) -> Page:
    place = {"at": before.at, "key": before.id} if before else {}
    page = _rows(agent.permissions, size + 1, agent=agent.pk, everybody=tuple(everybody), **of_case, **place)
    more = len(page) > size
    page = page[:size]
    for message in page:
        message.first_files = []  # type: ignore[attr-defined]
    show_files(*(message for message in page if message.has_files))  # type: ignore[attr-defined]
    older = Cursor(page[-1].occurred_at, page[-1].id) if more else None
    page.reverse()
    return Page(page, older)


@kept_query
def _rows(
    rights: frozenset[str],
    size: int,
    *,
    agent: UUID,
    everybody: Sequence[UUID],
    case: UUID | None = None,
    at: datetime | None = None,
    key: UUID | None = None,
) -> QuerySet[Message]:
    """The newest of both sources together: as many keys of each by its own index, then those rows."""
    sources = [visible_messages(known_by_rights(agent, rights)).filter(customer__in=everybody)]
    if case is not None:
        sources.append(Message.objects.filter(case=case))
    keys = [_newest_keys(source, at, key, size) for source in sources]
    wanted = keys[0].union(*keys[1:]) if len(keys) > 1 else keys[0]
    # As an array, so that the keys are found first, each by its index, and not joined to what is read with them.
    among = Func(F("pk"), ArraySubquery(wanted), template="%(expressions)s)", arg_joiner=" = ANY(", output_field=_YES)
    rows = Message.objects.filter(among)
    rows = rows.select_related("author", "delivery", "interaction", "case").prefetch_related("delivery__recipients")
    has_files = Exists(Attachment.objects.filter(_SHOWN, message=OuterRef("pk")))
    return rows.annotate(has_files=has_files).order_by("-occurred_at", "-id")[:size]


def show_files(*messages: Message) -> None:
    """Gives messages their `first_files`, as a page has them."""
    for message in messages:
        message.__dict__.pop("first_files", None)
    prefetch_related_objects(messages, Prefetch("attachments", _first_files(), to_attr="first_files"))


def _first_files() -> QuerySet[Attachment]:
    """What is listed below a message, and the pictures within our own, which stand in the page itself."""
    return Attachment.objects.filter(_SHOWN).order_by("-inline", "created_at", "id")[: FILES + 1]


def _newest_keys(
    messages: QuerySet[Message], at: datetime | None, key: UUID | None, size: int
) -> QuerySet[Message, UUID]:
    rows = messages.exclude(delivery__state=DeliveryState.WITHDRAWN)
    if at is not None:
        rows = rows.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, id__lt=key), occurred_at__lte=at)
    return rows.order_by("-occurred_at", "-id").values_list("pk", flat=True)[:size]


def trail(case: Case, limit: int = 100) -> list[Change]:
    """The last changes of a case, oldest first."""
    return _trail(limit, case=case.pk)[::-1]


@kept_query
def _trail(limit: int, *, case: UUID) -> QuerySet[Change]:
    return Change.objects.filter(case=case).select_related("agent").order_by("-created_at", "-id")[:limit]
