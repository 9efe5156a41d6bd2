"""What is promised about cases: the policies in their order, each with how it is kept."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from desktop.forms.service_level import ServiceLevelForm
from desktop.presenters.administration.service_levels import service_level_lines
from desktop.views.administration.office import office, office_page
from desktop.views.door import agent_of
from routing.domain.access import access_service_level, readable_service_levels
from routing.domain.service_level import apply_anew
from routing.models import SlaPolicy


@office("GET")
def service_levels(request: HttpRequest) -> HttpResponse:
    lines = service_level_lines(readable_service_levels(agent_of(request)))
    return office_page(request, "desktop/administration/service_levels.html", "service_levels", {"lines": lines})


@office("GET", "POST")
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, SlaPolicy(), "New service level")


@office("GET", "POST")
def service_level(request: HttpRequest, policy: UUID) -> HttpResponse:
    found = access_service_level(agent_of(request), policy)
    return _edit(request, found, found.name)


def _edit(request: HttpRequest, policy: SlaPolicy, title: str) -> HttpResponse:
    form = ServiceLevelForm(request.POST or None, instance=policy)
    if form.is_bound and form.is_valid():
        form.save()
        apply_anew()
        messages.success(request, "Saved. Cases that are open now follow it within a moment.")
        return redirect("desktop:service_levels")
    page = "desktop/administration/service_level.html"
    context = {"form": form, "title": title}
    return office_page(request, page, "service_levels", context, status=422 if form.is_bound else 200)
