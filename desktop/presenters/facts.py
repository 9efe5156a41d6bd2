"""What changed on a case, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop.presenters.words import status_look
from interactions.enums import CaseStatus, ChangeKind
from interactions.models import Change


@dataclass(frozen=True)
class FactLine:
    icon: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Facts:
    """What changed, line by line; many in a row are folded under their number."""

    key: str
    lines: Sequence[FactLine]
    template: str = "desktop/case/_facts.html"

    @property
    def folded(self) -> bool:
        return len(self.lines) > 2


def fact_line(change: Change) -> FactLine:
    return FactLine(_FACT_ICONS.get(ChangeKind(change.kind), "info-circle"), _fact(change), change.created_at)


_FACT_ICONS = {
    ChangeKind.OPENED: "inbox",
    ChangeKind.STATUS: "circle-dot",
    ChangeKind.PRIORITY: "flag",
    ChangeKind.QUEUE: "stack-2",
    ChangeKind.OWNER: "user",
    ChangeKind.TAGGED: "tag",
    ChangeKind.UNTAGGED: "tag",
    ChangeKind.SUBJECT: "pencil",
    ChangeKind.PARTICIPANT: "user-plus",
    ChangeKind.SERVICE_LEVEL: "hourglass",
    ChangeKind.COMPLAINT: "alert-triangle",
}


def _fact(change: Change) -> str:
    """One change as a sentence: who did what, and why where it is known."""
    who = change.agent.name if change.agent else ""
    words = _FACTS[ChangeKind(change.kind)](who, change.before, change.after)
    return f"{words} ({change.reason})" if change.reason else words


def _status_fact(who: str, _: str, after: str) -> str:
    label = status_look(after).label if after in CaseStatus.values else after
    return f"{who} set the status to {label}" if who else f"Status: {label}"


def _owner_fact(who: str, before: str, after: str) -> str:
    if not after:
        return f"{before} is no longer the owner"
    if after == who or not who:
        return f"{after} took the case"
    return f"{who} gave the case to {after}"


def _said(verb: str) -> Callable[[str, str, str], str]:
    """`verb` with {before} and {after} in it, after the name of who did it."""

    def say(who: str, before: str, after: str) -> str:
        return f"{who or 'The contact center'} {verb.format(before=before or 'none', after=after)}"

    return say


_FACTS: dict[ChangeKind, Callable[[str, str, str], str]] = {
    ChangeKind.STATUS: _status_fact,
    ChangeKind.OWNER: _owner_fact,
    ChangeKind.OPENED: lambda who, _before, _after: f"{who} opened the case" if who else "The case was opened",
    ChangeKind.PARTICIPANT: lambda _who, _before, after: f"{after} takes part",
    ChangeKind.COMPLAINT: lambda _who, _before, after: f"{after} called a mail of ours spam",
    ChangeKind.SERVICE_LEVEL: lambda _who, _before, after: after,
    ChangeKind.PRIORITY: _said("changed the priority from {before} to {after}"),
    ChangeKind.QUEUE: _said("moved the case from {before} to {after}"),
    ChangeKind.TAGGED: _said("added the tag {after}"),
    ChangeKind.UNTAGGED: _said("removed the tag {before}"),
    ChangeKind.SUBJECT: _said("changed the subject from {before}"),
}
