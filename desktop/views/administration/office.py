"""The way into the administration's screens: administrators only; for everybody else they are not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agents.enums import Permission
from desktop.presenters.shell import shell
from desktop.views.door import View, agent_of, screen
from desktop.views.inbox import page_streams, queue_streams
from foundation.streams import latest
from interactions.domain.inbox import queues_of
from interactions.errors import NotAllowed


def office(*methods: str) -> Callable[[View], View]:
    """A screen for administrators."""

    def wrap(view: View) -> View:
        @screen(*methods)
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not agent_of(request).may(Permission.ADMINISTER):
                raise NotAllowed
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def office_page(
    request: HttpRequest, template: str, place: str, context: dict[str, object], *streams: str, status: int = 200
) -> HttpResponse:
    """The page with the desktop around it; `place` says which of the administration's pages it is."""
    agent = agent_of(request)
    queues = queues_of(agent)
    known = latest([*page_streams(agent, queues), *streams])
    around = shell(agent, "administration", "administration", queue_streams(queues), known)
    return render(request, template, {**context, "place": place, "shell": around}, status=status)
