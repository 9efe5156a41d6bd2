"""The lists of cases and what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agents.domain.access import visible_teams
from agents.domain.presence import current_presence
from agents.domain.silence import hear
from agents.models import Agent, Team
from desktop.forms.deciding import InboxForm
from desktop.presenters.inbox import InboxView, inbox_view
from desktop.presenters.shell import rail, shell
from desktop.views.door import agent_of, screen, wants_part
from foundation.streams import latest
from interactions.domain.inbox import (
    COUNT_LIMIT,
    PAGE,
    Box,
    Chip,
    count_cases,
    found_cases,
    list_cases,
    queues_of,
)
from interactions.domain.timeline import Cursor
from interactions.enums import UNFINISHED
from interactions.models import Queue


@screen("GET")
def home(_: HttpRequest) -> HttpResponse:
    return redirect("desktop:cases")


@screen("GET")
def cases(request: HttpRequest) -> HttpResponse:
    """A list as a page, as the region (refreshed or narrowed), or only its next rows."""
    agent = agent_of(request)
    queues = queues_of(agent)
    known = {} if wants_part(request) else latest([*page_streams(agent, queues), *team_streams(agent)])
    view = read_inbox(agent, queues, request)
    if wants_part(request):
        if not request.GET.get("before"):
            _remember(request, view)
        part = "desktop/inbox/_lines.html" if request.GET.get("before") else "desktop/inbox/_inbox.html"
        return _with_address(request, view, render(request, part, {"inbox": view}))
    _remember(request, view)
    around = shell(agent, view.box, "list", queue_streams(queues), known)
    return render(request, "desktop/inbox/index.html", {"inbox": view, "shell": around})


def _remember(request: HttpRequest, view: InboxView) -> None:
    """The list as it is narrowed now stands beside the case that is opened next, also after a reload."""
    if request.session.get("inbox") != view.url:
        request.session["inbox"] = view.url


def _with_address(request: HttpRequest, view: InboxView, response: HttpResponse) -> HttpResponse:
    """Who narrows the list by hand finds it in the address; beside an open case the address stays the case's.

    What is typed into the search replaces the address, so that the way back is not a letter at a time.
    """
    by = request.headers.get("HX-Trigger", "")
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


def read_inbox(agent: Agent, queues: Sequence[Queue], request: HttpRequest) -> InboxView:
    """The list that the address asks for."""
    return make_inbox(agent, queues, request.GET)


def make_inbox(agent: Agent, queues: Sequence[Queue], asked: Any) -> InboxView:
    form = InboxForm(asked)
    form.is_valid()
    data = form.cleaned_data  # only what could be read
    box = Box(data.get("box") or Box.MINE)
    teams = supervised_teams(agent) if box == Box.TEAMS else []
    if box == Box.TEAMS and not teams:
        box = Box.MINE
    team = next((one for one in teams if one.pk == data.get("team")), None)
    people = {person.pk for one in ([team] if team else teams) for person in one.members.all()}
    member = data.get("member") if data.get("member") in people else None
    chips = [Chip(chip) for chip in data.get("chip") or []]
    queue = next((one for one in queues if one.pk == data.get("queue")), None) if box != Box.TEAMS else None
    query = data.get("q") or ""
    before = None
    with suppress(ValueError):
        before = Cursor.parse(data["before"]) if data.get("before") else None
    size = max(PAGE, data.get("shown") or 0)
    narrowing: dict[str, Any] = {
        "query": query,
        "chips": chips,
        "queue": queue,
        "team": team.pk if team else None,
        "member": member,
    }
    page = list_cases(agent, box, **narrowing, before=before, size=size)
    return inbox_view(
        agent,
        page,
        box=box,
        query=query,
        chips=chips,
        queue=queue,
        queues=queues,
        teams=teams,
        team=team,
        member=member,
        count=len(page.cases) if before is None and page.older is None else _count(agent, box, narrowing),
        limit=COUNT_LIMIT,
    )


def supervised_teams(agent: Agent) -> list[Team]:
    """With their members, those who have left not among them."""
    members = Prefetch("members", Agent.objects.filter(is_active=True))
    return list(visible_teams(agent).prefetch_related(members))


def _count(agent: Agent, box: Box, narrowing: dict[str, Any]) -> int:
    found = found_cases(agent, box, **narrowing)
    if box == Box.ALL and not (narrowing["query"] or narrowing["chips"]):
        found = found.filter(status__in=UNFINISHED)
    return count_cases(found)


def queue_streams(queues: Sequence[Queue]) -> list[str]:
    return [f"queue.{queue.pk}" for queue in queues]


def team_streams(agent: Agent) -> list[str]:
    return [f"team.{team}" for team in visible_teams(agent).values_list("pk", flat=True)]


def page_streams(agent: Agent, queues: Sequence[Queue]) -> list[str]:
    return [f"agent.{agent.pk}", *queue_streams(queues)]


def remembered_inbox(request: HttpRequest) -> str:
    """The list that the agent came from, so that it stands beside an opened case."""
    kept = request.session.get("inbox")
    return kept if isinstance(kept, str) else reverse("desktop:cases")
