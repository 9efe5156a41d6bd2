"""A case: the page, and each of its regions on its own."""

from __future__ import annotations

import json
from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from agents.enums import PresenceStatus
from agents.models import Agent, Presence
from customers.domain.access import access_customer
from desktop.domain.addressing import derived
from desktop.domain.colleagues import possible_owners
from desktop.domain.reading import mark_read
from desktop.domain.story import PAST_CASES, past_cases, tell
from desktop.presenters.case import CaseHead, case_head
from desktop.presenters.composer import composer_view
from desktop.presenters.customer import customer_panel
from desktop.presenters.shell import shell
from desktop.presenters.timeline import timeline_view
from desktop.views.door import agent_of, screen, wants_part
from desktop.views.inbox import make_inbox, page_streams, queue_streams, remembered_inbox
from foundation.streams import latest
from interactions.domain.access import access_case, visible_queues
from interactions.domain.inbox import queues_of
from interactions.domain.overtaking import last_of_others
from interactions.domain.timeline import Cursor
from interactions.models import Case


@screen("GET")
def show(request: HttpRequest, case: UUID) -> HttpResponse:
    """The case beside the list it was opened from. Opening it is reading it."""
    agent = agent_of(request)
    known = latest([f"case.{case}"])  # before anything of it is read, so that no change falls between
    found = access_case(agent, case)
    known |= latest([f"customer.{found.customer.root_id}"])
    seen = mark_read(agent, found)
    last = last_of_others(found, agent)
    past = list(past_cases(agent, found)[: PAST_CASES + 1])
    context = {
        "known": json.dumps(known),
        "case": head_of(agent, found),
        "timeline": timeline_view(agent, found, tell(agent, found), seen, last),
        "composer": composer_view(agent, found, derived=derived(found), last=last),
        "customer": customer_panel(
            agent, access_customer(agent, found.customer_id), found, past[:PAST_CASES], more=len(past) > PAST_CASES
        ),
    }
    if wants_part(request):
        return render(request, "desktop/case/_workspace.html", {**context, "part": True})
    queues = queues_of(agent)
    around_known = latest(page_streams(agent, queues))
    inbox = make_inbox(agent, queues, QueryDict(remembered_inbox(request).partition("?")[2]))
    around = shell(agent, inbox.box, "case", queue_streams(queues), around_known)
    return render(request, "desktop/case/show.html", {**context, "inbox": inbox, "shell": around})


@screen("GET")
def head(request: HttpRequest, case: UUID) -> HttpResponse:
    agent = agent_of(request)
    return render(request, "desktop/case/_head.html", {"case": head_of(agent, access_case(agent, case))})


@screen("GET")
def timeline(request: HttpRequest, case: UUID) -> HttpResponse:
    """The story anew, or the page before `before`. It is on the screen, so it is read."""
    agent = agent_of(request)
    found = access_case(agent, case)
    before = None
    with suppress(ValueError):
        before = Cursor.parse(request.GET["before"]) if request.GET.get("before") else None
    seen = mark_read(agent, found) if before is None else None
    view = timeline_view(agent, found, tell(agent, found, before), seen, last_of_others(found, agent))
    part = "desktop/case/_earlier.html" if before else "desktop/case/_timeline.html"
    return render(request, part, {"timeline": view})


def head_of(agent: Agent, case: Case) -> CaseHead:
    colleagues = list(possible_owners(case))
    here = set(
        Presence.objects.filter(agent__in=colleagues, ended_at=None, status=PresenceStatus.AVAILABLE).values_list(
            "agent_id", flat=True
        )
    )
    away = {one.pk for one in colleagues} - here
    return case_head(agent, case, list(visible_queues(agent).order_by("name")), colleagues, away)
