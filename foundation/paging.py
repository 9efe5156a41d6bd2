"""Pages of an API list by keyset: `{count, next, results}`, newest first, at the same cost on every page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

COUNT_LIMIT = 10_000


@dataclass(frozen=True)
class FoundPage:
    """A page that a search has put in order itself; `next_place` is where the one after it begins, '' at the end."""

    rows: Sequence[Any]
    count: int
    next_place: str


Search = Callable[[str, int], FoundPage]  # from a place ('' is the beginning), so many rows; ValueError for no place


class NewestFirst(CursorPagination):
    """`count` is exact up to 10,000; beyond, it is 10,000 and `count_capped` is true."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    page_size_query_description = f"How many rows, from 1 to {max_page_size}; who asks for more gets {max_page_size}."
    ordering = ("-created_at", "-id")

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any] | None:
        rows = queryset.order_by()[: COUNT_LIMIT + 1] if isinstance(queryset, QuerySet) else None
        self.count = rows.count() if rows is not None else len(queryset)
        page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        return page

    def paginate_found(self, search: Search, request: Request) -> Sequence[Any]:
        """The page of a search that the query names. Raises NotFound for a place that there is not."""
        self.base_url = request.build_absolute_uri()
        try:
            found = search(request.query_params.get(self.cursor_query_param, ""), self.get_page_size(request))
        except ValueError as error:
            raise NotFound(self.invalid_cursor_message) from error
        self.count = found.count
        self._next_place = found.next_place
        return found.rows

    def get_page_size(self, request: Request) -> int:
        """As many rows as are asked for, 200 at the most. Raises ParseError (400) for what is no such number."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked) > 0):
            raise ParseError(f"page_size is a whole number from 1 to {self.max_page_size}.")
        return min(int(asked), self.max_page_size)

    _next_place: str | None = None  # None: not the page of a search

    def get_next_link(self) -> str | None:
        if self._next_place is None or self.base_url is None:
            return super().get_next_link()
        if not self._next_place:
            return None
        return replace_query_param(str(self.base_url), self.cursor_query_param, self._next_place)

    def decode_cursor(self, request: Request) -> Any:
        """The place that the query names. Raises NotFound also for one that is no moment."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                datetime.fromisoformat(str(cursor.position)).astimezone(UTC)
            except (ValueError, OverflowError) as error:
                raise NotFound(self.invalid_cursor_message) from error
        return cursor

    def get_paginated_response(self, data: Any) -> Response:
        answer: OrderedDict[str, Any] = OrderedDict(
            count=min(self.count, COUNT_LIMIT), next=self.get_next_link(), results=data
        )
        if self.count > COUNT_LIMIT:
            answer["count_capped"] = True
        return Response(answer)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["count", "next", "results"],
            "properties": {
                "count": {"type": "integer", "maximum": COUNT_LIMIT},
                "count_capped": {"type": "boolean"},
                "next": {"type": "string", "format": "uri", "nullable": True},
                "results": schema,
            },
        }

    def get_ordering(self, request: Request, queryset: QuerySet[Model], view: Any) -> tuple[str, ...]:  # noqa: ARG002 - the framework's signature
        ordering: tuple[str, ...] = getattr(view, "newest_first", self.ordering)
        return ordering
