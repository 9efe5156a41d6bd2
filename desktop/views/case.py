"""A case: the page, and each of its regions on its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from agents.models import Agent
from customers.domain.access import customer_of
from customers.domain.merge import members
from desktop.domain.addressing import derived
from desktop.domain.colleagues import owners_and_presence
from desktop.domain.presently import presently_with_counts
from desktop.domain.reading import mark_read
from desktop.domain.story import PAST_CASES, answerable, last_told, past_cases, tell
from desktop.presenters.case import CaseHead, case_head
from desktop.presenters.composer import composer_view
from desktop.presenters.customer import customer_panel
from desktop.presenters.shell import RAIL_BOXES, shell
from desktop.presenters.timeline import timeline_view
from desktop.views.door import agent_of, screen, wants_part
from desktop.views.inbox import make_inbox, page_streams, queue_streams, read_list, remembered_inbox
from foundation.streams import latest
from interactions.domain.access import access_case
from interactions.domain.inbox import queues_of
from interactions.domain.overtaking import last_of_others
from interactions.domain.timeline import Cursor
from interactions.models import Case, Queue


@screen("GET")
def show(request: HttpRequest, case: UUID) -> HttpResponse:
    """The case beside the list it was opened from. Opening it is reading it."""
    agent = agent_of(request)
    queues = queues_of(agent)
    part = wants_part(request)
    # Before anything of the page is read, so that no change falls between.
    known = latest([f"case.{case}", *([] if part else page_streams(agent, queues))], stream_of_customer(case))
    found = access_case(agent, case, queues)
    asked = None if part else read_list(agent, queues, QueryDict(remembered_inbox(request).partition("?")[2]))
    beside = asked.page.cases if asked else []
    seen = mark_read(agent, found, [one.pk for one in beside])
    own = [f"case.{case}", f"customer.{found.customer.root_id}"]
    context = {
        "known": json.dumps({stream: known.get(stream, 0) for stream in own}),
        **_regions(agent, found, queues, seen.get(found.pk)),
    }
    if asked is None:
        return render(request, "desktop/case/_workspace.html", {**context, "part": True})
    now, counts = presently_with_counts(agent, [*RAIL_BOXES, asked.box])
    inbox = make_inbox(agent, queues, asked, now, counts, seen)
    around_known = {stream: place for stream, place in known.items() if stream not in own}
    around = shell(agent, inbox.box, "case", queue_streams(queues), around_known, counts, now)
    return render(request, "desktop/case/show.html", {**context, "inbox": inbox, "shell": around})


def _regions(agent: Agent, case: Case, queues: Sequence[Queue], seen: datetime | None) -> dict[str, object]:
    """Head, story, composer and customer of a case whose door was passed."""
    customer = customer_of(agent, case.customer)
    everybody = [customer.pk, *case.merged]  # type: ignore[attr-defined] - came along with access_case
    story = tell(agent, case, everybody=everybody)
    last = last_told(case, agent, story)
    past = past_cases(agent, case, everybody)
    return {
        "case": head_of(agent, case, queues),
        "timeline": timeline_view(agent, case, story, seen, last),
        "composer": composer_view(
            agent, case, derived=derived(case, answerable(case, story)), last=last, story=story.messages
        ),
        "customer": customer_panel(
            agent, customer, case, past[:PAST_CASES], more=len(past) > PAST_CASES, everybody=everybody
        ),
    }


@screen("GET")
def head(request: HttpRequest, case: UUID) -> HttpResponse:
    agent = agent_of(request)
    queues = queues_of(agent)
    view = head_of(agent, access_case(agent, case, queues), queues)
    return render(request, "desktop/case/_head.html", {"case": view})


@screen("GET")
def timeline(request: HttpRequest, case: UUID) -> HttpResponse:
    """The story anew, or the page before `before`. It is on the screen, so it is read."""
    agent = agent_of(request)
    found = access_case(agent, case)
    before = None
    with suppress(ValueError):
        before = Cursor.parse(request.GET["before"]) if request.GET.get("before") else None
    seen = mark_read(agent, found).get(found.pk) if before is None else None
    story = tell(agent, found, before, everybody=members(found.customer_id))
    last = last_told(found, agent, story) if before is None else last_of_others(found, agent)
    view = timeline_view(agent, found, story, seen, last)
    part = "desktop/case/_earlier.html" if before else "desktop/case/_timeline.html"
    return render(request, part, {"timeline": view})


def head_of(agent: Agent, case: Case, queues: Sequence[Queue]) -> CaseHead:
    colleagues = owners_and_presence(case)
    return case_head(agent, case, queues, colleagues, {one.pk for one in colleagues if not one.here})


def stream_of_customer(case: UUID) -> Subquery:
    """The name of the stream of a case's customer."""
    name = Concat(Value("customer."), Cast("customer_id", CharField()))
    return Subquery(Case.objects.filter(pk=case).values(stream=name)[:1])
