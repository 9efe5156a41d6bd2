"""A message to a third party, from the case that it stands in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from agents.models import Agent
from customers.enums import IdentityKind
from desktop.forms.forwarding import ForwardForm
from desktop.presenters.composer import written
from desktop.presenters.entry import entry_of
from desktop.views.customers import around
from desktop.views.door import agent_of, go_to, screen, wants_part
from foundation import markup
from interactions.domain.access import access_case, access_message
from interactions.domain.draft import own_draft
from interactions.domain.forward import STAYS_INSIDE, forward
from interactions.domain.recipient_rows import first_time
from interactions.domain.timeline import show_files
from interactions.enums import DraftKind, Party
from interactions.errors import CannotReply, NotAllowed
from interactions.models import AddressLine, Case, Message


@screen("GET", "POST")
def forwards(request: HttpRequest, case: UUID) -> HttpResponse:
    """The message with room for a comment (GET), sent and held for undo like an answer (POST).

    What cannot be sent yet comes back as the form with the reason and every word: to htmx as the answer that it asked
    for (200), to a browser without script as a page (422, or 409 for an address to be looked at once more).
    """
    agent = agent_of(request)
    found = access_case(agent, case)
    message = _message(request, agent, found)
    files = message.attachments.all()
    if request.method != "POST":
        return _page(
            request, agent, found, message, ForwardForm(None, files=files, initial=_begun(agent, found, message))
        )
    form = ForwardForm(request.POST, files=files, initial={})
    if not form.is_valid():
        return _page(request, agent, found, message, form, status=422)
    data = form.cleaned_data
    told = {address.strip().lower() for address in data["first_time"].split(",")}
    new = [address for address in first_time(IdentityKind.EMAIL, data["to"]) if address.lower() not in told]
    if new:
        return _page(request, agent, found, message, form, new=new, status=409)
    try:
        forward(
            message,
            to=data["to"],
            comment=data["comment"],
            author=agent,
            files=[file.pk for file in data["files"]],
            draft=data["draft"],
        )
    except CannotReply as error:
        form.add_error(None, str(error))
        return _page(request, agent, found, message, form, status=422)
    return go_to(request, reverse("desktop:case", args=[found.pk]))


def _page(
    request: HttpRequest,
    agent: Agent,
    case: Case,
    message: Message,
    form: ForwardForm,
    *,
    new: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    if message.party == Party.THIRD_PARTY:
        form.fields["comment"].label = "Your answer"
    context = {
        "case_id": case.pk,
        "form": form,
        "item": entry_of(agent, case, message),
        "answers": message.party == Party.THIRD_PARTY,
        "files": list(message.attachments.all()),
        "first_time": new or [],
        "url": request.get_full_path(),
    }
    if wants_part(request):
        return render(request, "desktop/case/_forward_form.html", context)
    context["shell"] = around(agent, place="")
    return render(request, "desktop/case/forward.html", context, status=status)


def _begun(agent: Agent, case: Case, message: Message) -> dict[str, object]:
    """What stands in the form at first: what was begun or taken back, else whom a third party's message came from."""
    draft = own_draft(case, agent, DraftKind.FORWARD)
    to: list[AddressLine] = draft.to
    if message.party == Party.THIRD_PARTY:
        to = [{"name": message.sender_name, "address": message.sender_address}]
    return {
        "draft": draft.pk,
        "to": written(to),
        "comment": markup.as_text(draft.html),
        "files": [file.pk for file in message.attachments.all()],
    }


def _message(request: HttpRequest, agent: Agent, case: Case) -> Message:
    try:
        message = access_message(agent, UUID(request.GET.get("message", "")))
    except ValueError as error:
        raise NotAllowed from error
    if message.case_id != case.pk or message.kind in STAYS_INSIDE:
        raise NotAllowed
    show_files(message)
    return message
