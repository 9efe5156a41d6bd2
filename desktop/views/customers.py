"""All customers as a list to search, and one of them as a page of its own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from agents.enums import Permission
from agents.models import Agent
from customers.domain.access import access_customer, visible_customers
from customers.domain.merge import members
from customers.domain.search import Place, find_customers
from customers.models import Customer
from desktop.domain.naming import shown_names
from desktop.presenters.case_lines import case_lines
from desktop.presenters.customer import customer_panel
from desktop.presenters.customers import customer_lines
from desktop.presenters.shell import Shell, shell
from desktop.views.door import agent_of, screen, wants_part
from desktop.views.inbox import page_streams, queue_streams
from foundation.streams import latest
from interactions.domain.access import visible_cases
from interactions.domain.inbox import Box, queues_of
from interactions.domain.timeline import Cursor

PAGE = 40
CASES = 30


@screen("GET")
def index(request: HttpRequest) -> HttpResponse:
    """Customers newest first; or those found by a part of name, address or number, who begins with it first."""
    agent = agent_of(request)
    words = request.GET.get("q", "")[:200]
    asked = request.GET.get("before", "")
    page, place = _found(agent, words, asked) if words.strip() else _newest(agent, asked)
    more = {"q": words, "before": place} if place else {}
    context = {
        "lines": customer_lines(page),
        "query": words,
        "imports": agent.may(Permission.ADMINISTER),
        "more_url": f"{reverse('desktop:customers')}?{urlencode(more)}" if more else "",
    }
    if wants_part(request):
        part = "_lines" if asked else "_list"
        return render(request, f"desktop/customers/{part}.html", context)
    return render(request, "desktop/customers/index.html", {**context, "shell": around(agent)})


def _newest(agent: Agent, asked: str) -> tuple[list[Customer], str]:
    """A page, and where the next begins ('' at the end)."""
    rows = visible_customers(agent).filter(merged_into=None).select_related("organisation", "merged_into")
    with suppress(ValueError):
        before = Cursor.parse(asked) if asked else None
        if before is not None:
            rows = rows.filter(Q(created_at__lt=before.at) | Q(created_at=before.at, id__lt=before.id))
    page = list(rows.order_by("-created_at", "-id")[: PAGE + 1])
    place = str(Cursor(page[PAGE - 1].created_at, page[PAGE - 1].pk)) if len(page) > PAGE else ""
    return page[:PAGE], place


def _found(agent: Agent, words: str, asked: str) -> tuple[list[Customer], str]:
    before = None
    with suppress(ValueError):
        before = Place.parse(asked) if asked else None
    found = find_customers(words, before=before, size=PAGE, limit=0)
    rows = visible_customers(agent).select_related("organisation", "merged_into")
    known = rows.in_bulk([place.id for place in found.places])
    page = [known[place.id] for place in found.places if place.id in known]
    return page, str(found.places[-1]) if found.more and page else ""


def customer_page(request: HttpRequest, agent: Agent, customer: Customer) -> HttpResponse:
    """The customer with every case that the agent may see."""
    known = latest([f"customer.{customer.pk}"])
    context = {
        "customer": customer_panel(agent, customer, None, [], more=False),
        **_cases_of(agent, customer),
        "shell": around(agent, known),
    }
    return render(request, "desktop/customer/show.html", context)


@screen("GET")
def cases(request: HttpRequest, customer: UUID) -> HttpResponse:
    """The region of the customer's cases, as they are now."""
    agent = agent_of(request)
    return render(request, "desktop/customer/_cases.html", _cases_of(agent, access_customer(agent, customer)))


@dataclass(frozen=True)
class Person:
    """Whose cases the region shows."""

    name: str
    streams: str
    cases_url: str


def _cases_of(agent: Agent, customer: Customer) -> dict[str, object]:
    theirs = visible_cases(agent).filter(customer__in=members(customer.pk))
    rows = theirs.select_related("customer__merged_into", "queue", "owner").latest_first()[: CASES + 1]
    found = list(rows)
    name = shown_names([customer])[customer.pk]
    url = reverse("desktop:customer_cases", args=[customer.pk])
    return {
        "person": Person(name, f"customer.{customer.pk}", url),
        "lines": case_lines(agent, found[:CASES], Box.ALL),
        "more": len(found) > CASES,
    }


def around(agent: Agent, known: dict[str, int] | None = None, place: str = "customers") -> Shell:
    """What stands around a page that is no list of cases."""
    queues = queues_of(agent)
    streams = latest(page_streams(agent, queues))
    return shell(agent, place, "page", queue_streams(queues), {**streams, **(known or {})})
