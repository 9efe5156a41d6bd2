"""REST: cases, interactions and messages, through the same doors as the screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import Agent
from customers.domain.merge import members
from customers.domain.search import persons
from foundation import markup
from foundation.paging import FoundPage, NewestFirst, Search
from interactions.api.serializers import (
    CaseChangeSerializer,
    CaseSerializer,
    InteractionSerializer,
    MessageSerializer,
    NewMessageSerializer,
)
from interactions.channel import own_addresses
from interactions.domain.access import (
    access_case,
    queue_scope,
    visible_cases,
    visible_interactions,
    visible_messages,
    visible_queues,
)
from interactions.domain.assign import assign, release
from interactions.domain.move import set_queue
from interactions.domain.note import add_note
from interactions.domain.recipients import Recipients, derive_recipients, message_to_answer
from interactions.domain.reply import reply
from interactions.domain.search import COUNT_LIMIT, Asked, Found, find_cases, find_messages
from interactions.domain.status import set_priority, set_status, set_subject
from interactions.domain.timeline import Cursor
from interactions.enums import CaseStatus, MessageKind, Priority
from interactions.errors import CannotReply, NotAllowed
from interactions.models import Case, Interaction, Message

SEARCH = OpenApiParameter("search", str, description="Words of messages, a case number, or a customer's address")
CASE = OpenApiParameter("case", UUID, description="Only of this case")
CUSTOMER = OpenApiParameter("customer", UUID, description="Only of this customer")
Row = TypeVar("Row", bound=Model)


class Scoped(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Row]):
    """A list and its rows as far as the token's owner may see them."""

    lookup_value_regex = "[0-9a-f-]{36}"

    @property
    def agent(self) -> Agent:
        return cast("Agent", self.request.user)

    @property
    def words(self) -> str:
        return self.request.query_params.get("search", "").strip()

    def search(self) -> Search | None:
        """Where the query holds words: what finds their rows, newest first."""
        return None

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        search = self.search() if self.words else None
        if search is None:
            return super().list(request, *args, **kwargs)
        rows = cast("NewestFirst", self.paginator).paginate_found(search, request)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def asked(self) -> Asked:
        """What the query looks for, as far as the token's owner may see."""
        return Asked(self.words, queue_scope(self.agent), customers=self._members(), cases=self.one("case"))

    def _members(self) -> Sequence[UUID] | None:
        return [member for key in self.one("customer") or () for member in members(key)] or None

    def one(self, field: str) -> Sequence[UUID] | None:
        """The id that the query names for this field. Raises ValidationError for what is no id."""
        given = self.request.query_params.get(field)
        try:
            return [UUID(given)] if given else None
        except ValueError as error:
            raise ValidationError({field: "This is not an id."}) from error

    def narrowed(self, rows: QuerySet[Row], *fields: str) -> QuerySet[Row]:
        """`rows` with the ids that the query names for `fields`. Raises ValidationError for what is no id."""
        for field in fields:
            for key in self.one(field) or ():
                rows = rows.filter(customer__in=members(key)) if field == "customer" else rows.filter(**{field: key})
        return rows

    def drawn_without_anybody(self) -> bool:
        """The schema is drawn without anybody asking."""
        return not isinstance(self.request.user, Agent)


def found_by(find: Callable[..., Found], asked: Asked, rows: QuerySet[Row]) -> Search:
    """Pages of what `find` finds, with their rows in its order."""

    def search(place: str, size: int) -> FoundPage:
        found = find(asked, before=Cursor.parse(place) if place else None, size=size)
        known = rows.in_bulk([hit.id for hit in found.hits])
        return FoundPage(
            [known[hit.id] for hit in found.hits if hit.id in known],
            found.count,
            str(found.hits[-1].place) if found.more else "",
        )

    return search


@extend_schema_view(list=extend_schema(parameters=[SEARCH, CUSTOMER]))
class CaseViewSet(Scoped[Case]):
    """Cases of the queues that the token's owner may see."""

    serializer_class = CaseSerializer
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        if self.drawn_without_anybody():
            return Case.objects.none()
        rows = visible_cases(self.agent).select_related("queue", "owner").prefetch_related("tags")
        return self.narrowed(rows, "customer")

    def search(self) -> Search:
        """By words of messages, the number, or the customer's address; the newest message that matches comes first."""
        asked = replace(self.asked(), persons=persons(self.words))
        return found_by(find_cases, asked, self.get_queryset())

    @extend_schema(request=CaseChangeSerializer, responses=CaseSerializer)
    def partial_update(self, request: Request, **_: str) -> Response:
        """Change status, priority, subject, queue or owner."""
        case = self.get_object()
        given = CaseChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            with transaction.atomic():  # all of it or nothing
                self._change(case.pk, given.validated_data)
        except (NotAllowed, ObjectDoesNotExist) as error:
            raise ValidationError("There is no such queue or agent, or they do not go together.") from error
        return Response(self.get_serializer(self.get_queryset().get(pk=case.pk)).data)

    def _change(self, case: UUID, data: dict[str, Any]) -> None:
        if "queue" in data:
            set_queue(case, visible_queues(self.agent).get(pk=data["queue"]), agent=self.agent)
        if "subject" in data:
            set_subject(case, data["subject"], agent=self.agent)
        if "priority" in data:
            set_priority(case, Priority(data["priority"]), agent=self.agent)
        if "owner" in data and data["owner"] is None:
            release(case, by=self.agent)
        elif "owner" in data:
            assign(case, Agent.objects.get(pk=data["owner"], is_active=True), by=self.agent)
        if "status" in data:
            set_status(case, CaseStatus(data["status"]), agent=self.agent)


@extend_schema_view(list=extend_schema(parameters=[SEARCH, CASE, CUSTOMER]))
class InteractionViewSet(Scoped[Interaction]):
    """Contacts, the unit that is queued, handled and counted."""

    serializer_class = InteractionSerializer
    queryset = Interaction.objects.none()
    newest_first = ("-started_at", "-id")

    def get_queryset(self) -> QuerySet[Interaction]:
        if self.drawn_without_anybody():
            return Interaction.objects.none()
        rows = visible_interactions(self.agent)
        if self.words:
            found = find_cases(self.asked(), size=COUNT_LIMIT)
            rows = rows.filter(case__in=[hit.id for hit in found.hits])
        return self.narrowed(rows, "case", "customer")


@extend_schema_view(list=extend_schema(parameters=[SEARCH, CASE, CUSTOMER]))
class MessageViewSet(Scoped[Message]):
    """Messages in every channel, with how far each outgoing one has come."""

    serializer_class = MessageSerializer
    queryset = Message.objects.none()
    newest_first = ("-occurred_at", "-id")

    def get_queryset(self) -> QuerySet[Message]:
        if self.drawn_without_anybody():
            return Message.objects.none()
        rows = visible_messages(self.agent).select_related("delivery").prefetch_related("attachments")
        return self.narrowed(rows, "case", "customer")

    def search(self) -> Search:
        """By words of the message."""
        return found_by(find_messages, self.asked(), self.get_queryset())

    @extend_schema(request=NewMessageSerializer, responses={201: MessageSerializer})
    def create(self, request: Request) -> Response:
        """Answer the customer of a case, or leave a note on it."""
        given = NewMessageSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        try:
            case = access_case(self.agent, data["case"])
        except NotAllowed as error:
            raise NotFound from error
        html = data["html"] or markup.from_text(data["text"])
        try:
            if data["kind"] == MessageKind.NOTE:
                message = add_note(case.pk, author=self.agent, html=html)
            else:
                message = self._reply(case, html, data)
        except CannotReply as error:
            raise ValidationError(str(error)) from error
        return Response(self.get_serializer(message).data, status=status.HTTP_201_CREATED)

    def _reply(self, case: Case, html: str, data: dict[str, Any]) -> Message:
        answered = message_to_answer(case)
        channel = answered.channel if answered else "email"
        recipients = derive_recipients(case, answered, own_addresses(channel))
        if "to" in data or "cc" in data:
            recipients = Recipients(to=list(data.get("to", recipients.to)), cc=list(data.get("cc", [])))
        return reply(
            case.pk,
            channel=channel,
            recipients=recipients,
            html=html,
            author=self.agent,
            answers=answered,
            quotes=True,
            status=CaseStatus(data["status"]),
            undo_seconds=0,
        )
