"""Who makes a change: kept beside each row that the database's triggers write of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pghistory


@contextmanager
def by(agent: UUID | None, why: str = "") -> Iterator[None]:
    """Who makes the changes within, for the record's history."""
    with pghistory.context(agent=str(agent) if agent else None, why=why):
        yield
