"""What was marked as spam in one's own queues, and letting through what was marked wrongly."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agents.enums import Permission
from channels_email.domain.held import is_filtered, let_through, list_spam
from channels_email.domain.process import Processed
from channels_email.enums import RawState
from desktop.presenters.spam import spam_lines
from desktop.views.customers import around
from desktop.views.door import agent_of, screen, tell, wants_part
from interactions.domain.inbox import Box
from interactions.domain.timeline import Cursor


@screen("GET")
def spam(request: HttpRequest) -> HttpResponse:
    """The page, or only its next mails."""
    agent = agent_of(request)
    before = None
    with suppress(ValueError):
        before = Cursor.parse(request.GET["before"]) if request.GET.get("before") else None
    page = list_spam(agent, before)
    older = f"{reverse('desktop:spam')}?{urlencode({'before': str(page.older)})}" if page.older else ""
    context: dict[str, object] = {"lines": spam_lines(page.mails), "more_url": older}
    if before is not None and wants_part(request):
        return render(request, "desktop/spam/_lines.html", context)
    context["filtered"] = is_filtered()
    context["administers"] = agent.may(Permission.ADMINISTER)
    context["blocks"] = agent.may(Permission.BLOCK_SENDERS)
    return render(request, "desktop/spam/index.html", {**context, "shell": around(agent, place=Box.QUEUES)})


@screen("POST")
def passing(request: HttpRequest, spam: UUID) -> HttpResponse:
    """The mail becomes a message of its case after all; the line says where it is now."""
    processed = let_through(agent_of(request), spam)
    if not wants_part(request):
        return redirect("desktop:spam")
    case = processed.raw.case if processed else None
    context = {"id": spam, "words": _words(processed), "case": case}
    return tell(render(request, "desktop/spam/_passed.html", context), toast=_words(processed))


def _words(processed: Processed | None) -> str:
    if processed is None:
        return "A colleague is just letting it through."
    if processed.raw.state == RawState.MESSAGE and processed.raw.case:
        return f"Let through: it is in #{processed.raw.case.number} now."
    if processed.raw.state == RawState.DUPLICATE:
        return "Let through: the same mail was here already."
    return f"It was not taken in: {processed.raw.reason or 'it could not be understood'}. An administrator sees it."
