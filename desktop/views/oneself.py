"""About oneself: presence and preferences."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agents.domain.presence import current_presence, set_presence
from agents.enums import PresenceReason, PresenceStatus
from desktop.forms.deciding import PresenceForm, SettingsForm
from desktop.presenters.away import away_notice
from desktop.presenters.shell import shell
from desktop.views.door import agent_of, done, screen
from desktop.views.inbox import page_streams, queue_streams
from foundation.streams import latest
from interactions.domain.inbox import queues_of
from interactions.domain.reply import sign


@screen("POST")
def presence(request: HttpRequest) -> HttpResponse:
    agent = agent_of(request)
    form = PresenceForm(request.POST)
    if not form.is_valid():
        return done("", "There is no such status.")
    status = PresenceStatus(form.cleaned_data["status"])
    reason = PresenceReason(form.cleaned_data["reason"]) if status == PresenceStatus.AWAY else PresenceReason.NONE
    set_presence(agent, status, reason)
    return done(f"agent.{agent.pk}")


@screen("GET")
def away(request: HttpRequest) -> HttpResponse:
    """Whether one was set away without choosing it."""
    agent = agent_of(request)
    return render(request, "desktop/shell/_away.html", {"away": away_notice(agent, current_presence(agent))})


@screen("GET", "POST")
def settings(request: HttpRequest) -> HttpResponse:
    agent = agent_of(request)
    form = SettingsForm(request.POST or None, instance=agent)
    if form.is_bound and form.is_valid():
        form.save()
        return redirect(f"{request.path}?saved")
    queues = queues_of(agent)
    brands = {queue.brand.pk: queue.brand for queue in queues}
    context = {
        "form": form,
        "saved": "saved" in request.GET and not form.is_bound,
        "shell": shell(agent, "settings", "settings", queue_streams(queues), latest(page_streams(agent, queues))),
        "signatures": [(brand.name, sign(brand.signature, agent, brand.name)) for brand in brands.values()],
        "queues": [queue.name for queue in queues],
    }
    return render(request, "desktop/settings/show.html", context, status=422 if form.is_bound else 200)
