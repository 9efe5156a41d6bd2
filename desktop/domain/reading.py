"""What an agent has seen of a case, so that the new can be told from the known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from agents.models import Agent
from desktop.models import Reading
from foundation import clock
from interactions.models import Case


def mark_read(agent: Agent, case: Case) -> datetime | None:
    """The agent sees the case now; returns up to when they had seen it before, None for never."""
    before = Reading.objects.filter(agent=agent, case=case).values_list("seen_at", flat=True).first()
    if before is None or before < case.active_at:
        Reading.objects.bulk_create(
            [Reading(agent=agent, case=case, seen_at=clock.now())],
            update_conflicts=True,
            unique_fields=["agent", "case"],
            update_fields=["seen_at"],
        )
    return before


def seen_until(agent: Agent, cases: Iterable[UUID]) -> dict[UUID, datetime]:
    """Up to when the agent has seen each of these cases; cases never seen are left out."""
    return dict(Reading.objects.filter(agent=agent, case__in=list(cases)).values_list("case_id", "seen_at"))
