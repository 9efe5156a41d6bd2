"""The teams somebody supervises: who is there, and how much each has in hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agents.models import Agent, Presence, Team
from desktop.presenters.presence import PresenceView, presence_view
from desktop.presenters.words import Face, face


@dataclass(frozen=True)
class MemberLine:
    """`url` narrows the list to this member's cases, or widens it again where `chosen`."""

    face: Face
    presence: PresenceView
    cases: int
    url: str
    chosen: bool


@dataclass(frozen=True)
class TeamGroup:
    name: str
    there: int
    members: Sequence[MemberLine]


@dataclass(frozen=True)
class TeamsView:
    """`choices` are (name, address, chosen) for the menu, without any where there is but one team."""

    chosen: str
    team: str
    member: str
    choices: Sequence[tuple[str, str, bool]]
    groups: Sequence[TeamGroup]


def teams_view(teams: Sequence[Team], team: Team | None, member: UUID | None, url: Callable[..., str]) -> TeamsView:
    """`teams` as `with_members` gives them, `team` the chosen one; `url(team=…, member=…)` the address of a choice."""
    shown = [team] if team else teams

    def line(person: Agent) -> MemberLine:
        chosen = person.pk == member
        return MemberLine(
            face(person.name or person.username),
            presence_view(_presence(person)),
            person.in_hand,  # type: ignore[attr-defined]
            url(member="" if chosen else str(person.pk)),
            chosen,
        )

    groups = []
    for one in shown:
        lines = sorted(map(line, one.active_members), key=_by_presence)
        groups.append(TeamGroup(one.name, sum(line.presence.state == "available" for line in lines), lines))
    choices = [("All teams", url(team="", member=""), team is None)]
    choices += [(one.name, url(team=str(one.pk), member=""), one == team) for one in teams]
    return TeamsView(
        chosen=team.name if team else "All teams",
        team=str(team.pk) if team else "",
        member=str(member) if member else "",
        choices=choices if len(teams) > 1 else [],
        groups=groups,
    )


def _presence(person: Any) -> Presence | None:
    return Presence(status=person.now, reason=person.because, started_at=person.since) if person.now else None


def _by_presence(member: MemberLine) -> tuple[int, str]:
    """Who is available stands first, who is not there at all last; among them by name."""
    state = member.presence.state
    return (0 if state == "available" else 2 if state == "offline" else 1), member.face.name
