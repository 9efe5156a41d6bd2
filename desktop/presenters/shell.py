"""What stands around every screen: the rail with its counts, who one is and how one is, where the signals come from."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from agents.domain.presence import current_presence
from agents.enums import Permission, PresenceReason
from agents.models import Agent, Presence
from desktop.presenters.alarms import AlarmLine, alarm_lines
from desktop.presenters.away import AwayNotice, away_notice
from desktop.presenters.offer import OffersView, offers_view
from desktop.presenters.presence import PresenceView, presence_view
from desktop.presenters.words import Face, face
from interactions.domain.inbox import COUNT_LIMIT, Box, box_counts
from routing.domain.access import open_offers


@dataclass(frozen=True)
class RailItem:
    box: str
    label: str
    icon: str
    url: str
    count: str
    chosen: bool


@dataclass(frozen=True)
class Rail:
    items: list[RailItem]
    face: Face
    presence: PresenceView
    reasons: list[tuple[str, str]]
    streams: str
    url: str
    administers: bool
    on_settings: bool
    on_opening: bool


@dataclass(frozen=True)
class Shell:
    rail: Rail
    away: AwayNotice
    screen: str
    socket_port: int
    socket_path: str
    offers: OffersView
    known: str
    alarms: list[AlarmLine] | None


AWAY_REASONS = (
    PresenceReason.BREAK,
    PresenceReason.LUNCH,
    PresenceReason.MEETING,
    PresenceReason.TRAINING,
    PresenceReason.ADMINISTRATION,
)
_ITEMS = (
    (Box.MINE, "Mine", "inbox"),
    (Box.QUEUES, "Queues", "stack-2"),
    (Box.TEAMS, "Teams", "headset"),
    (Box.ALL, "All", "list"),
)


def rail(agent: Agent, place: str, queue_streams: list[str], presence: Presence | None) -> Rail:
    """`place` is a box, "settings", or '' for a case opened by its address; `presence` is the agent's present one."""
    counts = box_counts(agent)
    return Rail(
        items=[
            RailItem(
                box.value,
                label,
                icon,
                f"{reverse('desktop:cases')}?box={box.value}",
                _count(counts[box]) if box != Box.ALL else "",
                place == box.value,
            )
            for box, label, icon in _ITEMS
            if box in counts
        ]
        + [
            RailItem("customers", "Customers", "users", reverse("desktop:customers"), "", place == "customers"),
        ],
        face=face(agent.name or agent.username),
        presence=presence_view(presence),
        reasons=[(reason.value, reason.label) for reason in AWAY_REASONS],
        streams=" ".join([f"agent.{agent.pk}", *queue_streams]),
        url=f"{reverse('desktop:rail')}?place={place}",
        administers=agent.may(Permission.ADMINISTER),
        on_settings=place == "settings",
        on_opening=place == "opening",
    )


def _count(number: int) -> str:
    if number == 0:
        return ""
    if number >= COUNT_LIMIT:
        return "999+"
    return str(number)


def shell(agent: Agent, place: str, screen: str, queue_streams: list[str], known: dict[str, int]) -> Shell:
    """`known` are the positions of all streams of the page, read before anything else of it."""
    presence = current_presence(agent)
    return Shell(
        rail=rail(agent, place, queue_streams, presence),
        away=away_notice(agent, presence),
        screen=screen,
        socket_port=settings.SOCKETS_PORT,
        socket_path="/sockets/desktop/",
        offers=offers_view(agent.pk, list(open_offers(agent))),
        known=json.dumps(known),
        alarms=alarm_lines(agent),
    )
