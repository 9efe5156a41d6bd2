"""Writing: answers, notes, drafts and their files."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from agents.models import Agent
from desktop.domain.addressing import answer_channel, derived
from desktop.domain.story import last_inbound
from desktop.forms.composing import DraftForm, NoteForm, ReplyForm
from desktop.presenters.bodies import to_content_ids
from desktop.presenters.composer import composer_view
from desktop.views.door import agent_of, case_changed, screen, tell
from interactions.domain.access import access_case
from interactions.domain.draft import own_draft, save_draft
from interactions.domain.note import add_note
from interactions.domain.recipients import message_to_answer
from interactions.domain.reply import reply
from interactions.enums import CaseStatus, DraftKind
from interactions.errors import CannotReply, DraftConflict
from interactions.models import Case, Draft, Message


@screen("POST")
def replies(request: HttpRequest, case: UUID) -> HttpResponse:
    """Sends the answer: it is held for undo first. What cannot be sent comes back with the reason and every word."""
    agent = agent_of(request)
    found = access_case(agent, case)
    form = ReplyForm(request.POST)
    typed = request.POST.get("reply", "")
    try:
        draft = _kept(found, agent, DraftKind.REPLY, request)
    except CannotReply as error:
        return composer_part(request, agent, found, error=str(error), typed=typed, status=409)
    if not form.is_valid():
        return composer_part(request, agent, found, error=form.mistake(), typed=typed, status=422)
    inbound = last_inbound(found)
    if inbound is not None and form.cleaned_data["seen"] != inbound.pk:
        return composer_part(request, agent, found, overtaken=inbound, status=409)
    wanted = form.cleaned_data["status"]
    answered = message_to_answer(found)
    try:
        reply(
            found.pk,
            channel=answer_channel(answered),
            recipients=form.recipients,
            html=to_content_ids(form.cleaned_data["reply"]),
            author=agent,
            answers=answered,
            quotes=True,
            attachments=_files(draft),
            status=CaseStatus(wanted) if wanted in CaseStatus.values else CaseStatus.WAITING_CUSTOMER,
            draft=draft.pk,
        )
    except CannotReply as error:
        return composer_part(request, agent, found, error=str(error), status=422)
    return tell(composer_part(request, agent, found), changed=case_changed(found.pk))


@screen("POST")
def notes(request: HttpRequest, case: UUID) -> HttpResponse:
    agent = agent_of(request)
    found = access_case(agent, case)
    form = NoteForm(request.POST)
    typed = request.POST.get("note", "")
    if not form.is_valid():
        return composer_part(
            request, agent, found, kind=DraftKind.NOTE, error="The note is too long.", typed=typed, status=422
        )
    try:
        draft = _kept(found, agent, DraftKind.NOTE, request)
        html = to_content_ids(form.cleaned_data["note"])
        add_note(found.pk, author=agent, html=html, draft=draft.pk, attachments=_files(draft))
    except CannotReply as error:
        return composer_part(request, agent, found, kind=DraftKind.NOTE, error=str(error), typed=typed, status=422)
    return tell(composer_part(request, agent, found), changed=case_changed(found.pk))


@screen("POST")
def drafts(request: HttpRequest, case: UUID, kind: str) -> HttpResponse:
    """Keeps what is being written; answers the new version, or 409 when another window has written meanwhile."""
    if kind not in DraftKind.values:
        raise Http404
    agent = agent_of(request)
    found = access_case(agent, case)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        draft = save_draft(
            found,
            agent,
            DraftKind(kind),
            html=to_content_ids(form.cleaned_data["html"]),
            version=form.cleaned_data["version"],
            recipients=form.recipients,
        )
    except DraftConflict:
        return JsonResponse({"error": "changed elsewhere"}, status=409)
    return JsonResponse({"version": draft.version, "draft": str(draft.pk)})


def _kept(case: Case, agent: Agent, kind: DraftKind, request: HttpRequest) -> Draft:
    """The draft with what was just sent in, so that nothing is lost when it cannot go out.

    Raises CannotReply when the window's draft was sent already, or was written by another window since.
    """
    form = DraftForm(
        {
            "html": request.POST.get(kind.value, ""),
            "version": request.POST.get(f"{kind.value}_version") or 0,
            "to": request.POST.get("to", ""),
            "cc": request.POST.get("cc", ""),
        }
    )
    if not form.is_valid():
        raise CannotReply("This is too long to be sent.")
    known = own_draft(case, agent, kind) if not request.POST.get(f"{kind.value}_draft") else None
    if known is None and not Draft.objects.filter(pk=_key(request, kind), case=case, agent=agent, kind=kind).exists():
        raise CannotReply("This was already sent.")
    try:
        return save_draft(
            case,
            agent,
            kind,
            html=to_content_ids(form.cleaned_data["html"]),
            version=known.version if known else form.cleaned_data["version"],
            recipients=form.recipients,
        )
    except DraftConflict as error:
        raise CannotReply("You wrote on in another window. Compare both, then send from one of them.") from error


def _key(request: HttpRequest, kind: DraftKind) -> UUID | None:
    try:
        return UUID(request.POST.get(f"{kind.value}_draft", ""))
    except ValueError:
        return None


def _files(draft: Draft) -> list[UUID]:
    return list(draft.attachments.values_list("pk", flat=True))


def composer_part(
    request: HttpRequest,
    agent: Agent,
    case: Case,
    *,
    kind: str = DraftKind.REPLY.value,
    error: str = "",
    typed: str = "",
    overtaken: Message | None = None,
    focus: bool = False,
    status: int = 200,
) -> HttpResponse:
    view = composer_view(
        agent,
        case,
        derived=derived(case),
        inbound=last_inbound(case),
        kind=str(kind),
        error=error,
        typed=typed,
        overtaken=overtaken,
        focus=focus or status != 200,
    )
    return render(request, "desktop/case/_composer.html", {"composer": view}, status=status)
