"""How an agent is at this moment, as every page shows it, asked for at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from agents.domain.known_by_rights import known_by_rights
from agents.domain.presence import open_presences
from agents.enums import PresenceStatus
from agents.models import Agent, Capacity, Presence
from foundation.kept_queries import places
from foundation.prepared_statements import Prepared
from interactions.domain.inbox import Box, Counting, counting_boxes
from interactions.enums import ChannelName
from interactions.models import Segment
from routing.domain.access import open_offers


@dataclass(frozen=True)
class Presently:
    """`offered`: something is before the agent; `held` of `limit` mails are before it or in hand."""

    presence: Presence | None
    offered: bool = False
    held: int = 0
    limit: int = Capacity.DEFAULTS[ChannelName.EMAIL]

    @property
    def available(self) -> bool:
        return self.presence is not None and self.presence.status == PresenceStatus.AVAILABLE


def presently(agent: Agent) -> Presently:
    """One query. Nothing is before somebody who was never there."""
    return _read(_asked(agent).first())


def presently_with_counts(agent: Agent, boxes: Sequence[Box]) -> tuple[Presently, dict[Box, int]]:
    """The same and `box_counts`, in one query."""
    statement, counting = _statement(tuple(boxes), agent.permissions)
    sql, values = statement.ask(connection, [agent.pk])
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    statement.asked(connection, sql)
    counts, now = row[: len(counting.columns)], row[len(counting.columns) :]
    if now[0] is None:
        return _read(None), counting.read(counts)
    fields = [field.attname for field in Presence._meta.concrete_fields]
    presence = Presence.from_db(connection.alias, fields, now[: len(fields)])
    for name, value in zip(_BESIDES, now[len(fields) :], strict=True):
        setattr(presence, name, value)
    return _read(presence), counting.read(counts)


_ANYBODY = UUID(int=(0xC0DE << 112))


@cache
def _statement(boxes: tuple[Box, ...], rights: frozenset[str]) -> tuple[Prepared, Counting]:
    """The statement for all who have these rights, with _ANYBODY in the place of who asks (see `kept_query`)."""
    anybody = known_by_rights(_ANYBODY, rights)
    counting = counting_boxes(anybody, boxes)
    own, of_own = _asked(anybody).query.sql_with_params()
    values = [*counting.values, *of_own]
    columns = ", ".join(counting.columns)
    sql = f"SELECT {columns}, now.* FROM (SELECT) AS one LEFT JOIN ({own}) AS now ON true"  # noqa: S608 - the ORM's own
    return Prepared(sql, places(values, [_ANYBODY])), counting


_BESIDES = ("offered", "held", "own_limit")


def _asked(agent: Agent) -> QuerySet[Presence]:
    """The open presence with _BESIDES."""
    mails = Segment.objects.filter(agent=OuterRef("agent"), channel=ChannelName.EMAIL, ended_at=None)
    own_limit = Capacity.objects.filter(agent=OuterRef("agent"), channel=ChannelName.EMAIL)
    return open_presences(agent).annotate(
        offered=Exists(open_offers(agent)),
        held=Coalesce(Subquery(mails.order_by().values("agent").annotate(many=Count("pk")).values("many")), 0),
        own_limit=Subquery(own_limit.values("limit")[:1]),
    )


def _read(row: Any) -> Presently:
    if row is None:
        return Presently(None)
    limit = Presently.limit if row.own_limit is None else row.own_limit
    return Presently(row, row.offered, row.held, limit)
