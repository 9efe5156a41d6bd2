"""Whose a case was, as rows: one assignment after the other, and the trail that tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from interactions.models import Assignment, Change
from simulator.world.copy import Copy
from simulator.world.staff import Worker


class Ownership:
    """Of one case, from its beginning."""

    def __init__(self, rows: Mapping[Any, Copy], case: UUID) -> None:
        self.rows, self.case = rows, case
        self.owner: Worker | None = None
        self.since: datetime | None = None

    def pass_to(self, worker: Worker, since: datetime) -> None:
        """The case is theirs from then on; already theirs: nothing."""
        if worker == self.owner:
            return
        before = self.owner.agent.name if self.owner else ""
        self.end(since)
        self.trail(since, "owner", before=before, after=worker.agent.name, agent=worker)
        self.owner, self.since = worker, since

    def end(self, at: datetime | None) -> None:
        """Writes the present assignment: it ended then, or (None) goes on."""
        if self.owner is None or self.since is None:
            return
        self.rows[Assignment].add(
            self.since,
            case_id=self.case,
            agent_id=self.owner.agent.pk,
            reason="accepted the offer",
            started_at=self.since,
            ended_at=at,
        )

    def trail(self, at: datetime, kind: str, *, before: str = "", after: str = "", agent: Worker | None = None) -> None:
        by = agent.agent.pk if agent else None
        self.rows[Change].add(at, case_id=self.case, kind=kind, before=before, after=after, agent_id=by)
