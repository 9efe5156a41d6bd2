"""The lists of cases and what stands around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agents.domain.access import visible_teams
from agents.domain.presence import current_presence
from agents.domain.silence import hear
from agents.models import Agent, Team
from customers.domain.access import access_customer, suggested
from customers.domain.merge import members
from customers.domain.search import persons
from customers.models import Customer
from desktop.domain.colleagues import with_members
from desktop.domain.presently import Presently, presently, presently_with_counts
from desktop.forms.deciding import InboxForm
from desktop.presenters.inbox import InboxView, inbox_view
from desktop.presenters.shell import RAIL_BOXES, rail, shell
from desktop.views.door import agent_of, screen, wants_part
from foundation.streams import latest
from interactions.domain.inbox import (
    COUNT_LIMIT,
    PAGE,
    Box,
    CasePage,
    Chip,
    Narrowing,
    box_counts,
    count_cases,
    list_cases,
    narrowed_box,
    queues_of,
)
from interactions.domain.search import COUNT_LIMIT as SEARCH_LIMIT
from interactions.domain.search_box import search_box
from interactions.domain.timeline import Cursor
from interactions.models import Queue


@screen("GET")
def home(_: HttpRequest) -> HttpResponse:
    return redirect("desktop:cases")


@screen("GET")
def cases(request: HttpRequest) -> HttpResponse:
    """A list as a page, as the region (refreshed or narrowed), or only its next rows."""
    agent = agent_of(request)
    queues = queues_of(agent)
    part = wants_part(request)
    teams = None if part else supervised_teams(agent)
    known = {} if teams is None else latest([*page_streams(agent, queues), *team_streams(teams)])
    counting = part and "count" in request.GET
    asked = read_list(agent, queues, request.GET, teams, limit=SEARCH_LIMIT if counting else 0)
    if counting:
        return render(request, "desktop/inbox/_count.html", {"inbox": make_inbox(agent, queues, asked, None)})
    if part:
        template = "desktop/inbox/_lines.html" if request.GET.get("before") else "desktop/inbox/_inbox.html"
        view = make_inbox(agent, queues, asked, presently(agent) if asked.box == Box.MINE else None)
        if not request.GET.get("before"):
            _remember(request, view)
        return _with_address(request, view, render(request, template, {"inbox": view}))
    now, counts = presently_with_counts(agent, [*RAIL_BOXES, asked.box])
    view = make_inbox(agent, queues, asked, now, counts)
    _remember(request, view)
    around = shell(agent, view.box, "list", queue_streams(queues), known, counts, now)
    return render(request, "desktop/inbox/index.html", {"inbox": view, "shell": around})


def _remember(request: HttpRequest, view: InboxView) -> None:
    """The list as it is narrowed now stands beside the case that is opened next, also after a reload.

    What was looked for does not: who opens a case by its address a day later is not after it any more.
    """
    if not view.query and request.session.get("inbox") != view.url:
        request.session["inbox"] = view.url


def _with_address(request: HttpRequest, view: InboxView, response: HttpResponse) -> HttpResponse:
    """Who narrows the list by hand finds it in the address; beside an open case the address stays the case's.

    What is typed into the search replaces the address, so that the way back is not a letter at a time.
    """
    by = request.headers.get("HX-Trigger", "")
    here = False
    with suppress(ValueError):
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path == reverse("desktop:cases")
    if here and by != "inbox" and not request.GET.get("before"):
        response["HX-Replace-Url" if by == "inbox-find" else "HX-Push-Url"] = view.url
    return response


@screen("GET")
def rail_part(request: HttpRequest) -> HttpResponse:
    """Every page has the rail and asks for it when it polls, so asking is a sign of life where sockets are cut."""
    agent = agent_of(request)
    hear(agent.pk)
    place = request.GET.get("place", "")
    around = rail(agent, place, queue_streams(queues_of(agent)), current_presence(agent))
    return render(request, "desktop/shell/_rail.html", {"rail": around})


@dataclass(frozen=True)
class AskedList:
    """What an address asks for, and the page of cases that answers it; `whole`: there are no others."""

    box: Box
    query: str
    narrowing: Narrowing
    page: CasePage
    whole: bool
    customer: Customer | None = None
    people: Sequence[Customer] = ()
    teams: Sequence[Team] = ()
    team: Team | None = None

    @property
    def plain(self) -> bool:
        """Whether it is the box as it is."""
        return not self.query and self.narrowing == Narrowing()


def read_list(
    agent: Agent, queues: Sequence[Queue], asked: Any, supervised: Sequence[Team] | None = None, limit: int = 0
) -> AskedList:
    """`queues` are those the agent sees, `supervised` the agent's teams, where they were read already. What is looked
    for is counted up to `limit`.
    """
    form = InboxForm(asked)
    form.is_valid()
    data = form.cleaned_data  # only what could be read
    box = Box(data.get("box") or Box.MINE)
    teams: Sequence[Team] = []
    if box == Box.TEAMS:
        teams = with_members(agent, supervised_teams(agent) if supervised is None else supervised)
    if box == Box.TEAMS and not teams:
        box = Box.MINE
    team = next((one for one in teams if one.pk == data.get("team")), None)
    looked_at = [team] if team else teams
    there = {person.pk for one in looked_at for person in one.active_members}
    member = data.get("member") if data.get("member") in there else None
    chips = tuple(Chip(chip) for chip in data.get("chip") or [])
    query = data.get("q") or ""
    before = None
    with suppress(ValueError):
        before = Cursor.parse(data["before"]) if data.get("before") else None
    size = max(PAGE, data.get("shown") or 0)
    customer = _customer(agent, data.get("customer"))
    narrowing = Narrowing(
        chips,
        next((one for one in queues if one.pk == data.get("queue")), None) if box != Box.TEAMS else None,
        members(customer.pk) if customer else (),
        team.pk if team else None,
        member,
    )
    if query:
        page = search_box(
            agent,
            box,
            query,
            narrowing,
            persons=persons(query),
            before=before,
            size=size,
            limit=limit,
            visible=queues,
            colleagues=[person.pk for one in looked_at for person in one.members.all()],
        )
    else:
        page = list_cases(agent, box, narrowing, before=before, size=size, visible=queues)
    people = suggested(agent, query) if query and before is None and customer is None else []
    return AskedList(box, query, narrowing, page, before is None and page.older is None, customer, people, teams, team)


def _customer(agent: Agent, key: UUID | None) -> Customer | None:
    """The customer whose cases alone are wanted. Raises NoSuchCustomer for one that there is not."""
    return access_customer(agent, key) if key else None


def make_inbox(
    agent: Agent,
    queues: Sequence[Queue],
    asked: AskedList,
    now: Presently | None,
    counts: Mapping[Box, int] | None = None,
    seen: Mapping[UUID, datetime] | None = None,
) -> InboxView:
    """The list ready to be shown; `counts` and `seen` are given where they were read for more than it,
    `now` where it is the agent's own.
    """
    return inbox_view(
        agent,
        asked.page,
        box=asked.box,
        query=asked.query,
        chips=asked.narrowing.chips,
        queue=asked.narrowing.queue,
        queues=queues,
        teams=asked.teams,
        team=asked.team,
        member=asked.narrowing.member,
        count=_count(agent, asked, counts),
        limit=SEARCH_LIMIT if asked.query else COUNT_LIMIT,
        now=now,
        seen=seen,
        customer=asked.customer,
        people=asked.people,
    )


def supervised_teams(agent: Agent) -> list[Team]:
    return list(visible_teams(agent))


def _count(agent: Agent, asked: AskedList, counts: Mapping[Box, int] | None) -> int | None:
    """How many there are; None where that is found out by a request of its own."""
    if asked.page.count is not None or asked.query:
        return asked.page.count
    if asked.whole:
        return len(asked.page.cases)
    if asked.plain:
        return (counts or box_counts(agent, [asked.box]))[asked.box]
    return count_cases(narrowed_box(agent, asked.box, asked.narrowing))


def queue_streams(queues: Sequence[Queue]) -> list[str]:
    return [f"queue.{queue.pk}" for queue in queues]


def team_streams(teams: Sequence[Team]) -> list[str]:
    return [f"team.{team.pk}" for team in teams]


def page_streams(agent: Agent, queues: Sequence[Queue]) -> list[str]:
    return [f"agent.{agent.pk}", *queue_streams(queues)]


def remembered_inbox(request: HttpRequest) -> str:
    """The list that the agent came from, so that it stands beside an opened case."""
    kept = request.session.get("inbox")
    return kept if isinstance(kept, str) else reverse("desktop:cases")
