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
from desktop.domain.reading import seen_until
from desktop.domain.story import last_messages, messages_of
from desktop.presenters.hands import hands_full
from desktop.presenters.links import link
from desktop.presenters.ring import Ring, targets
from desktop.presenters.spam import spam_words
from desktop.presenters.teams import TeamsView, teams_view
from desktop.presenters.words import Face, Look, channel_look, face, priority_look, status_look
from interactions.domain.inbox import COUNT_LIMIT, Box, CasePage, Chip
from interactions.domain.search import Hit
from interactions.enums import ASIDE, CaseStatus, Direction, MessageKind, Priority
from interactions.models import Case, Message, Queue

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


def _counted(count: int, limit: int) -> str:
    """The number, or that there are at least so many: a list is counted up to its limit, a search one further."""
    return f"{limit:,}+" if count > limit or count == limit == COUNT_LIMIT else f"{count:,}"


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
    path = reverse("desktop:cases")
    asked = {
        "box": box.value,
        "q": query,
        "queue": str(queue.pk) if queue else "",
        "team": str(team.pk) if team else "",
        "member": str(member) if member else "",
        "customer": str(customer.pk) if customer else "",
        "chip": [chip.value for chip in chips],
    }

    def url(**change: object) -> str:
        kept = {name: value for name, value in {**asked, **change}.items() if value}
        return f"{path}?{urlencode(kept, doseq=True)}"

    def of_customer(key: UUID) -> str:
        return url(box=Box.ALL.value, q="", chip=[], queue="", team="", member="", customer=key)

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
        clear_url=url(q="", chip=[], queue="", team="", member="", customer=""),
        customer=str(customer.pk) if customer else "",
        customer_name=names[customer.pk] if customer else "",
        without_customer_url=url(customer=""),
        people=[PersonLink(names[one.pk], face(names[one.pk]), of_customer(one.pk)) for one in people],
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
