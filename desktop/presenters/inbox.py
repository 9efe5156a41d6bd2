"""The list of cases, ready to be written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zlib import crc32

from django.urls import reverse

from agents.models import Agent, Team
from channels_email.domain.held import count_lately
from customers.models import Customer
from desktop.domain.naming import shown_names
from desktop.domain.presently import Presently
from desktop.presenters.case_lines import CaseLine, case_lines
from desktop.presenters.hands import hands_full
from desktop.presenters.spam import spam_words
from desktop.presenters.teams import TeamsView, teams_view
from desktop.presenters.words import Face, Look, face
from interactions.domain.inbox import COUNT_LIMIT, Box, CasePage, Chip
from interactions.models import Queue

TITLES = {Box.MINE: "My cases", Box.QUEUES: "My queues", Box.TEAMS: "My teams", Box.ALL: "All cases"}
CHIPS = {
    Chip.UNANSWERED: Look("unanswered", "To answer", "mail"),
    Chip.WAITING: Look("waiting", "Waiting", "clock"),
    Chip.UNOWNED: Look("unowned", "No owner", "user"),
    Chip.FINISHED: Look("finished", "Finished", "circle-check"),
}
EMPTY = {
    Box.MINE: (
        "Nothing on your desk",
        "Cases you accept or take on appear here. While you are available, the next one is offered to you.",
    ),
    Box.QUEUES: ("Your queues are empty", "New cases of your queues appear here the moment they arrive."),
    Box.TEAMS: ("Nothing in hand", "What the members of your teams take on appears here."),
    Box.ALL: ("No cases yet", "The first message to one of your mailboxes opens the first case."),
}


_NOTHING_FOUND = (
    "Nothing found",
    "No case has all of this. Search reads subjects, names, addresses, numbers and every message.",
)


@dataclass(frozen=True)
class ChipView:
    look: Look
    url: str
    chosen: bool


@dataclass(frozen=True)
class PersonLink:
    """A customer whom the words mean too; `url` lists their cases."""

    name: str
    face: Face
    url: str


@dataclass(frozen=True)
class InboxView:
    """`url` is the list as it stands, for refreshing; `more_url` the next page, '' when there is none.

    `count_url` gives the count where it is not known yet, and `count_key` is another for every such list.
    """

    box: str
    title: str
    count: str
    count_url: str
    count_key: str
    lines: Sequence[CaseLine]
    chips: Sequence[ChipView]
    queues: Sequence[tuple[str, str, bool]]
    queue: str
    teams: TeamsView | None
    query: str
    url: str
    more_url: str
    clear_url: str
    customer: str
    customer_name: str
    without_customer_url: str
    people: Sequence[PersonLink]
    wider_url: str
    streams: str
    invites: bool
    full: str
    spam: str
    empty_title: str
    empty_words: str


def _counted(count: int, limit: int) -> str:
    """The number, or that there are at least so many: a list is counted up to its limit, a search one further."""
    return f"{limit:,}+" if count > limit or count == limit == COUNT_LIMIT else f"{count:,}"


_WHOLE = {"q": "", "chip": [], "queue": "", "team": "", "member": "", "customer": ""}


class _Address:
    """The address of the list as it is asked for; called, with some of it changed."""

    def __init__(self, asked: Mapping[str, object]) -> None:
        self._path, self._asked = reverse("desktop:cases"), asked

    def __call__(self, **change: object) -> str:
        kept = {name: value for name, value in {**self._asked, **change}.items() if value}
        return f"{self._path}?{urlencode(kept, doseq=True)}"

    def of_customer(self, key: UUID) -> str:
        return self(**{**_WHOLE, "box": Box.ALL.value, "customer": key})


def inbox_view(
    agent: Agent,
    page: CasePage,
    *,
    box: Box,
    query: str,
    chips: Sequence[Chip],
    queue: Queue | None,
    queues: Sequence[Queue],
    teams: Sequence[Team],
    team: Team | None,
    member: UUID | None,
    count: int | None,
    limit: int,
    now: Presently | None,
    seen: Mapping[UUID, datetime] | None = None,
    customer: Customer | None = None,
    people: Sequence[Customer] = (),
) -> InboxView:
    url = _Address(
        {
            "box": box.value,
            "q": query,
            "queue": str(queue.pk) if queue else "",
            "team": str(team.pk) if team else "",
            "member": str(member) if member else "",
            "customer": str(customer.pk) if customer else "",
            "chip": [chip.value for chip in chips],
        }
    )
    searched = bool(query or chips or queue or team or member or customer)
    own = now if box == Box.MINE and not searched else None
    names = shown_names([*people, *([customer] if customer else [])])
    title, words = EMPTY[box] if not searched else _NOTHING_FOUND
    return InboxView(
        box=box.value,
        title=TITLES[box],
        count="" if count is None else _counted(count, limit),
        count_url=url(count=1) if count is None else "",
        count_key=f"{crc32(url().encode()):x}",
        lines=case_lines(agent, page.cases, box, hits=page.hits, query=query, seen=seen),
        chips=[
            ChipView(look, url(chip=[] if chip in chips else [chip.value]), chip in chips)
            for chip, look in CHIPS.items()
            if not (chip == Chip.UNOWNED and box in {Box.MINE, Box.TEAMS})
        ],
        queues=[(str(one.pk), one.name, one == queue) for one in queues] if box in {Box.QUEUES, Box.ALL} else [],
        queue=str(queue.pk) if queue else "",
        teams=teams_view(teams, team, member, url) if box == Box.TEAMS else None,
        query=query,
        url=url(),
        more_url=url(before=str(page.older)) if page.older else "",
        clear_url=url(**_WHOLE),
        customer=str(customer.pk) if customer else "",
        customer_name=names[customer.pk] if customer else "",
        without_customer_url=url(customer=""),
        people=[
            PersonLink(names[one.pk], face(names[one.pk]), url(**{**_WHOLE, "box": Box.ALL.value, "customer": one.pk}))
            for one in people
        ],
        wider_url=url(box=Box.ALL.value, chip=[], queue="", team="", member="") if query and box != Box.ALL else "",
        streams=" ".join(
            [f"agent.{agent.pk}", *(f"queue.{one.pk}" for one in queues), *(f"team.{one.pk}" for one in teams)]
        ),
        invites=own is not None and not page.cases and not own.available,
        spam=spam_words(count_lately(agent)) if box == Box.QUEUES and not searched else "",
        full=hands_full(own) if own else "",
        empty_title=title,
        empty_words=words,
    )
