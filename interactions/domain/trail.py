"""The trail of a case: what changed, when and by whom."""

from __future__ import annotations

from agents.models import Agent
from interactions.enums import ChangeKind
from interactions.models import Case, Change


def note_change(
    case: Case, kind: ChangeKind, *, before: str = "", after: str = "", agent: Agent | None = None, reason: str = ""
) -> Change:
    """Writes one line of the trail; long values are cut, the trail is for reading."""
    change = change_of(case, kind, before=before, after=after, agent=agent, reason=reason)
    change.save(force_insert=True)
    return change


def change_of(
    case: Case, kind: ChangeKind, *, before: str = "", after: str = "", agent: Agent | None = None, reason: str = ""
) -> Change:
    """The same line, to be written by the caller together with others."""
    return Change(case=case, kind=kind, before=before[:400], after=after[:400], agent=agent, reason=reason[:200])
