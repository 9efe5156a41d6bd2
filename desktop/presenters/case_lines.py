"""The lines of a list of cases: who, about what, what was said last, and what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agents.models import Agent
from desktop.domain.naming import shown_names
from desktop.domain.reading import seen_until
from desktop.domain.story import last_messages, messages_of
from desktop.presenters.links import link
from desktop.presenters.ring import Ring, targets
from desktop.presenters.words import Face, Look, channel_look, face, priority_look, status_look
from interactions.domain.inbox import Box
from interactions.domain.search import Hit
from interactions.enums import ASIDE, CaseStatus, Direction, MessageKind, Priority
from interactions.models import Case, Message


@dataclass(frozen=True)
class CaseLine:
    id: UUID
    url: str
    number: int
    name: str
    subject: str
    snippet: str
    snippet_by: str
    channel: Look
    active_at: datetime
    ring: Ring | None
    status: Look | None
    priority: Look | None
    owner: Face | None
    unread: bool


def case_lines(
    agent: Agent,
    cases: Sequence[Case],
    box: Box,
    *,
    hits: Mapping[UUID, Hit] | None = None,
    query: str = "",
    seen: Mapping[UUID, datetime] | None = None,
) -> list[CaseLine]:
    """One line a case. What was looked for shows itself: the message that has it, from shortly before the word on."""
    hits = hits or {}
    newest = last_messages(cases)
    matching = messages_of(hits)
    seen = seen_until(agent, [case.pk for case in cases]) if seen is None else seen
    rings = targets(cases)
    names = shown_names(case.customer for case in cases)
    return [
        _line(
            agent,
            case,
            names[case.customer_id],
            newest.get(case.pk),
            seen.get(case.pk),
            rings.get(case.pk),
            box,
            Shown(matching.get(case.pk) or newest.get(case.pk), hits[case.pk].at, query)
            if case.pk in hits
            else Shown(newest.get(case.pk), case.active_at),
        )
        for case in cases
    ]


@dataclass(frozen=True)
class Shown:
    """The message that a line shows, and the moment by which it stands where it stands."""

    message: Message | None
    at: datetime
    query: str = ""

    @property
    def snippet(self) -> str:
        text = " ".join(self.message.reply_text.split()) if self.message else ""
        return text[_beginning(text, self.query) :][:_SNIPPET]


_SNIPPET = 160  # characters
_BEFORE = 40  # of them before the word that was looked for


def _beginning(text: str, query: str) -> int:
    """Where to begin, so that the first of the query's words to be found is among what is shown."""
    lowered = text.lower()
    places = [lowered.find(word) for word in query.lower().split() if len(word) > 1]
    first = min((place for place in places if place >= 0), default=0)
    return text.rfind(" ", 0, max(0, first - _BEFORE)) + 1 if first > _SNIPPET - _BEFORE else 0


def _line(
    agent: Agent,
    case: Case,
    name: str,
    newest: Message | None,
    seen: datetime | None,
    ring: Ring | None,
    box: Box,
    shown: Shown,
) -> CaseLine:
    theirs = newest is not None and newest.author_id != agent.pk and newest.kind != MessageKind.ACKNOWLEDGEMENT
    unread = (
        theirs and newest is not None and (newest.occurred_at > seen if seen else case.unanswered_since is not None)
    )
    shown_status = case.status not in {CaseStatus.OPEN, CaseStatus.NEW}
    return CaseLine(
        id=case.pk,
        url=link("desktop:case", case.pk),
        number=case.number,
        name=name,
        subject=case.subject or "No subject",
        snippet=shown.snippet,
        snippet_by=_by(agent, shown.message),
        channel=channel_look(newest.channel if newest else "email"),
        active_at=shown.at,
        ring=ring,
        status=status_look(case.status) if shown_status else None,
        priority=priority_look(case.priority) if case.priority > Priority.NORMAL else None,
        owner=face(case.owner.name) if case.owner and box != Box.MINE else None,
        unread=unread,
    )


def _by(agent: Agent, newest: Message | None) -> str:
    """Who wrote the line shown, where it was not the customer."""
    if newest is not None and newest.party in ASIDE:
        return f"{newest.sender_name or newest.sender_address}:"
    if newest is None or newest.direction == Direction.INBOUND:
        return ""
    if newest.kind == MessageKind.NOTE:
        return "Note:"
    if newest.author_id == agent.pk:
        return "You:"
    return f"{newest.sender_name.split(' ')[0]}:"
