"""What was sent: taken back while it is held, sent again when it failed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from desktop.views.composing import composer_part
from desktop.views.door import agent_of, case_changed, screen, tell
from interactions.domain.access import access_case, access_delivery
from interactions.domain.deliver import resend
from interactions.domain.undo import take_back
from interactions.enums import MessageKind
from interactions.errors import CannotReply


@screen("POST")
def withdrawal(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """Undo: the answer becomes a draft again."""
    agent = agent_of(request)
    found = access_delivery(agent, delivery)
    case = access_case(agent, found.case_id)
    try:
        take_back(found.pk, agent)
    except CannotReply as error:
        return tell(composer_part(request, agent, case), changed=case_changed(case.pk), toast=str(error))
    kept = "Taken back. Your comment is kept under Forward." if found.message.kind == MessageKind.FORWARD else ""
    return tell(composer_part(request, agent, case, focus=True), changed=case_changed(case.pk), toast=kept)


@screen("POST")
def resending(request: HttpRequest, delivery: UUID) -> HttpResponse:
    agent = agent_of(request)
    found = access_delivery(agent, delivery)
    try:
        resend(found.pk, agent)
    except CannotReply as error:
        return tell(HttpResponse(status=204), toast=str(error))
    return tell(HttpResponse(status=204), changed=case_changed(found.case_id), toast="It will be sent again.")
