"""What stands around every screen: the rail with its counts, who one is and how one is, where the signals come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from agents.enums import Permission, PresenceReason
from agents.models import Agent, Presence
from desktop.domain.presently import Presently, presently
from desktop.presenters.alarms import AlarmLine, alarm_lines
from desktop.presenters.away import AwayNotice, away_notice
from desktop.presenters.offer import OffersView, offers_view
from desktop.presenters.presence import PresenceView, presence_view
from desktop.presenters.words import Face, face
from foundation.alarms import lately
from interactions.domain.inbox import COUNT_LIMIT, Box, box_counts
from routing.domain.access import open_offers


@dataclass(frozen=True)
class RailItem:
    """`wide`: on a phone it stands under More."""

    box: str
    label: str
    icon: str
    url: str
    count: str
    chosen: bool
    wide: bool = False


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
    on_administration: bool

    @property
    def in_more(self) -> bool:
        """Whether one is at a place that stands under More on a phone."""
        return self.on_opening or self.on_administration or any(item.wide and item.chosen for item in self.items)


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
RAIL_BOXES = (Box.MINE, Box.QUEUES, Box.TEAMS)  # those with a number
_ITEMS = (
    (Box.MINE, "Mine", "inbox"),
    (Box.QUEUES, "Queues", "stack-2"),
    (Box.TEAMS, "Teams", "headset"),
    (Box.ALL, "All", "list"),
)


def rail(
    agent: Agent,
    place: str,
    queue_streams: list[str],
    presence: Presence | None,
    counts: Mapping[Box, int] | None = None,
) -> Rail:
    """`place` is a box, "settings", or '' for a case opened by its address; `presence` is the agent's present one.

    `counts` are those of RAIL_BOXES, where they were read for more than this.
    """
    counts = box_counts(agent, RAIL_BOXES) if counts is None else counts
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
            if box in counts or box == Box.ALL
        ]
        + [
            RailItem("customers", "Customers", "users", reverse("desktop:customers"), "", place == "customers", True),
        ],
        face=face(agent.name or agent.username),
        presence=presence_view(presence),
        reasons=[(reason.value, reason.label) for reason in AWAY_REASONS],
        streams=" ".join([f"agent.{agent.pk}", *queue_streams]),
        url=f"{reverse('desktop:rail')}?place={place}",
        administers=agent.may(Permission.ADMINISTER),
        on_settings=place == "settings",
        on_opening=place == "opening",
        on_administration=place == "administration",
    )


def _count(number: int) -> str:
    if number == 0:
        return ""
    if number >= COUNT_LIMIT:
        return "999+"
    return str(number)


def shell(
    agent: Agent,
    place: str,
    screen: str,
    queue_streams: list[str],
    known: dict[str, int],
    counts: Mapping[Box, int] | None = None,
    now: Presently | None = None,
) -> Shell:
    """`known` are the positions of all streams of the page, read before anything else of it; `counts` and
    `now` are given where they were read for more than this.
    """
    now = now or presently(agent)
    offers = list(open_offers(agent)) if now.offered else []
    return Shell(
        rail=rail(agent, place, queue_streams, now.presence, counts),
        away=away_notice(agent, now.presence),
        screen=screen,
        socket_port=settings.SOCKETS_PORT,
        socket_path="/sockets/desktop/",
        offers=offers_view(agent.pk, offers),
        known=json.dumps(known),
        alarms=alarm_lines(agent, lately),
    )
