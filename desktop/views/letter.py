"""A letter that begins with us: its page before the first words, and the case that they open."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agents.models import Agent
from channels_email.domain.own_addresses import NoMailbox, mailbox_of
from desktop.domain.letter import Letter, as_case, begin, recipients_of, unsealed
from desktop.presenters.composer import ComposerView, composer_view
from desktop.views.customers import around
from desktop.views.door import agent_of, go_to, screen
from interactions.domain.access import access_case, visible_cases, visible_queues
from interactions.domain.open import discard_opened
from interactions.errors import NotAllowed
from interactions.models import Case


@screen("GET")
def letter(request: HttpRequest, case: UUID) -> HttpResponse:
    """The composer of a case that there is not yet. Once there is, its page."""
    agent = agent_of(request)
    begun = unsealed(request.GET.get("letter", ""), agent, case)
    if visible_cases(agent).filter(pk=case).exists():
        return redirect("desktop:case", case=case)
    view = letter_composer(request, agent, begun, focus=True)
    queue = visible_queues(agent).select_related("brand").get(pk=begun.queue)
    try:
        sender = mailbox_of(queue).address
    except NoMailbox:
        sender = ""
    again = f"{reverse('desktop:opening')}?{urlencode({'to': begun.to, 'subject': begun.subject})}"
    context = {
        "letter": begun,
        "composer": view,
        "queue": queue.name,
        "sender": sender,
        "again_url": again,
        "shell": around(agent, place="opening"),
    }
    return render(request, "desktop/case/letter.html", context)


def letter_composer(
    request: HttpRequest,
    agent: Agent,
    begun: Letter,
    *,
    error: str = "",
    typed: str = "",
    addresses: Mapping[str, str] | None = None,
    focus: bool = False,
) -> ComposerView:
    queue = visible_queues(agent).select_related("brand").filter(pk=begun.queue).first()
    if queue is None:
        raise NotAllowed
    return composer_view(
        agent,
        as_case(begun, queue),
        derived=recipients_of(begun),
        last=None,
        story=[],
        error=error,
        typed=typed,
        addresses=addresses,
        focus=focus,
        letter=carried(request),
    )


def carried(request: HttpRequest) -> str:
    """What the addresses of a letter's composer end with; '' in a case's own."""
    sealed = request.GET.get("letter", "")
    return f"?{urlencode({'letter': sealed})}" if sealed else ""


def unopened(request: HttpRequest, agent: Agent, case: UUID) -> Letter | None:
    """The letter that is written in, while there is no case of it that the agent may see."""
    sealed = request.GET.get("letter", "")
    if not sealed or visible_cases(agent).filter(pk=case).exists():
        return None
    return unsealed(sealed, agent, case)


def case_to_write(request: HttpRequest, agent: Agent, case: UUID) -> Case:
    """The case that is written in; that of a letter is opened by this. Raises NotAllowed."""
    begun = unopened(request, agent, case)
    if begun is not None:
        begin(begun, agent)
    return access_case(agent, case)


@screen("POST")
def discarding(request: HttpRequest, case: UUID) -> HttpResponse:
    """What was begun and not sent is thrown away, with its case where nothing else stands in it."""
    agent = agent_of(request)
    if unopened(request, agent, case) is None:
        access_case(agent, case)
        if not discard_opened(case, agent, with_words=True):
            return go_to(request, reverse("desktop:case", args=[case]))
    return go_to(request, reverse("desktop:cases"))
