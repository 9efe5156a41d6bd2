"""What an agent has seen of a case, so that the new can be told from the known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from agents.models import Agent
from foundation import clock
from foundation.keys import new_key
from interactions.models import Case

# All parts of a statement see the rows as they were before it, so that one is enough for reading and writing.
_MARK = """
WITH before AS (
    SELECT case_id, seen_at FROM desktop_reading WHERE agent_id = %(agent)s AND case_id = ANY(%(cases)s)
), written AS (
    INSERT INTO desktop_reading (id, created_at, agent_id, case_id, seen_at)
    SELECT %(key)s, %(now)s, %(agent)s, %(case)s, %(now)s
    WHERE NOT EXISTS (SELECT FROM before WHERE case_id = %(case)s AND seen_at >= %(active)s)
    ON CONFLICT (agent_id, case_id) DO UPDATE SET seen_at = EXCLUDED.seen_at
)
SELECT case_id, seen_at FROM before
"""
_SEEN = "SELECT case_id, seen_at FROM desktop_reading WHERE agent_id = %s AND case_id = ANY(%s::uuid[])"


def mark_read(agent: Agent, case: Case, beside: Iterable[UUID] = ()) -> dict[UUID, datetime]:
    """The agent sees the case now; returns up to when they had seen it, and those `beside` it, before.

    Cases never seen are left out.
    """
    values: dict[str, Any] = {
        "agent": agent.pk,
        "case": case.pk,
        "cases": [case.pk, *beside],
        "active": case.active_at,
        "key": new_key(),
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MARK, values)
        return dict(cursor.fetchall())


def seen_until(agent: Agent, cases: Iterable[UUID]) -> dict[UUID, datetime]:
    """Up to when the agent has seen each of these cases; cases never seen are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [agent.pk, list(cases)])
        return dict(cursor.fetchall())
