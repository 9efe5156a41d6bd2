"""Offers: what is before the agent now, taken or passed on."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from desktop.presenters.offer import offers_view
from desktop.views.door import agent_of, case_changed, done, screen, tell, wants_part
from routing.domain.access import open_offers
from routing.domain.answer import accept, decline
from routing.errors import OfferOver

TOO_LATE = "It is with somebody else by now, or was taken care of."


@screen("GET")
def offers(request: HttpRequest) -> HttpResponse:
    return _offers(request)


@screen("POST")
def acceptance(request: HttpRequest, offer: UUID) -> HttpResponse:
    """The case is the agent's, and opens."""
    agent = agent_of(request)
    try:
        case = accept(offer, agent)
    except OfferOver:
        return tell(_offers(request), toast=TOO_LATE)
    address = reverse("desktop:case", args=[case.pk])
    if not wants_part(request):
        return redirect(address)
    # Who is sent elsewhere is shown no answer's body: the card goes by being told that the agent's stream changed.
    response = done(f"agent.{agent.pk} {case_changed(case.pk)}")
    if "/cases/" in request.headers.get("HX-Current-URL", ""):  # opened in place: what is being written is saved first
        response["HX-Location"] = json.dumps({"path": address, "target": "#workspace", "swap": "outerHTML"})
    else:
        response["HX-Redirect"] = address
    return response


@screen("POST")
def refusal(request: HttpRequest, offer: UUID) -> HttpResponse:
    try:
        decline(offer, agent_of(request), request.POST.get("reason", ""))
    except OfferOver:
        return tell(_offers(request), toast=TOO_LATE)
    return _offers(request)


def _offers(request: HttpRequest) -> HttpResponse:
    agent = agent_of(request)
    view = offers_view(agent.pk, list(open_offers(agent)))
    return render(request, "desktop/offer/_offers.html", {"offers": view})
