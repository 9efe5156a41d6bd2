"""What has stopped moving, as a banner for those who can do something about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from desktop.presenters.alarms import alarm_lines
from desktop.views.door import agent_of, screen
from foundation.alarms import sounding


@screen("GET")
def alarms(request: HttpRequest) -> HttpResponse:
    """The banner anew; the page asks every half minute, for what has stopped tells nobody by itself."""
    return render(request, "desktop/shell/_alarms.html", {"alarms": alarm_lines(agent_of(request), sounding)})
