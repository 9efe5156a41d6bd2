"""Writing: answers, notes, drafts and their files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from agents.models import Agent
from customers.enums import IdentityKind
from desktop.domain.addressing import answer_channel, derived
from desktop.forms.composing import ADDRESSES, DraftForm, NoteForm, RecipientsForm, ReplyForm
from desktop.presenters.bodies import to_content_ids
from desktop.presenters.composer import composer_view
from desktop.views.door import agent_of, case_changed, go_to, screen, tell
from desktop.views.letter import carried, case_to_write, letter_composer, unopened
from foundation import markup
from interactions.domain.access import access_case
from interactions.domain.draft import own_draft, save_draft
from interactions.domain.note import add_note
from interactions.domain.open import discard_opened
from interactions.domain.overtaking import LastSeen, last_of_others
from interactions.domain.recipient_rows import first_time
from interactions.domain.recipients import message_to_answer
from interactions.domain.reply import reply
from interactions.domain.submission import submitting
from interactions.enums import CaseStatus, DraftKind
from interactions.errors import CannotReply, DraftConflict, Overtaken
from interactions.models import Case, Draft, Message

_NO_DRAFT = {"version": 0, "draft": ""}
FIRST_TIME = "You write to an address for the first time. Check it, then send again."


class _Stale(CannotReply):
    """The window's draft was sent already, or was written by another window since."""


class _FirstTime(CannotReply):
    """An address that nobody has written to before, and the writer has not been told so."""


@screen("POST")
def replies(request: HttpRequest, case: UUID) -> HttpResponse:
    """Sends the answer: it is held for undo first. What cannot be sent comes back with the reason and every word.

    The same form sent again, also at the same moment, sends nothing more and is answered like the first.
    """
    agent = agent_of(request)
    typed = request.POST.get("reply", "")
    begun = unopened(request, agent, case)
    if begun is not None and not _has_words(typed):
        view = letter_composer(
            request, agent, begun, error="The letter is empty.", typed=typed, addresses=_typed(request), focus=True
        )
        return render(request, "desktop/case/_composer.html", {"composer": view}, status=422)
    found = case_to_write(request, agent, case)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        with suppress(CannotReply):
            _kept(found, agent, DraftKind.REPLY, request)
        return composer_part(request, agent, found, error=form.mistake(), typed=typed, status=422)
    refused = _once(found, agent, form.cleaned_data["submission"], lambda: _send(request, agent, found, form))
    if isinstance(refused, Overtaken):
        said = Message.objects.get(pk=refused.message)
        wanted = form.cleaned_data["status"]
        part = composer_part(request, agent, found, overtaken=said, wanted=wanted, typed=typed, status=409)
        return tell(part, changed=case_changed(found.pk))
    if refused is not None:
        status = 409 if isinstance(refused, _Stale | _FirstTime) else 422
        return composer_part(request, agent, found, error=str(refused), typed=typed, status=status)
    if carried(request):
        return go_to(request, reverse("desktop:case", args=[found.pk]))
    return tell(composer_part(request, agent, found), changed=case_changed(found.pk))


def _once(case: Case, agent: Agent, key: UUID, write: Callable[[], None]) -> CannotReply | None:
    """Writes if this form has not been written before; why it could not be."""
    try:
        with submitting(case.pk, agent, key) as written:
            if written is None:
                try:
                    write()
                except CannotReply as error:  # in here, so that the draft is kept
                    return error
    except CannotReply as error:
        return error
    return None


def _send(request: HttpRequest, agent: Agent, case: Case, form: ReplyForm) -> None:
    draft = _kept(case, agent, DraftKind.REPLY, request)
    if form.unwarned(IdentityKind.EMAIL):
        raise _FirstTime(FIRST_TIME)
    wanted = form.cleaned_data["status"]
    answered = message_to_answer(case)
    reply(
        case.pk,
        channel=answer_channel(answered),
        recipients=form.recipients,
        html=to_content_ids(form.cleaned_data["reply"]),
        author=agent,
        answers=answered,
        quotes=True,
        attachments=_files(draft),
        status=CaseStatus(wanted) if wanted in CaseStatus.values else CaseStatus.WAITING_CUSTOMER,
        draft=draft.pk,
        submission=form.cleaned_data["submission"],
        expects_last=LastSeen(form.cleaned_data["seen"]),
    )


@screen("POST")
def first_times(request: HttpRequest, case: UUID) -> HttpResponse:
    """Which of the typed addresses nobody has written to before."""
    agent = agent_of(request)
    if unopened(request, agent, case) is None:
        access_case(agent, case)
    form = RecipientsForm(request.POST)
    form.is_valid()
    context = {"addresses": first_time(IdentityKind.EMAIL, form.lines)}
    return render(request, "desktop/case/_first_time.html", context)


@screen("POST")
def notes(request: HttpRequest, case: UUID) -> HttpResponse:
    agent = agent_of(request)
    found = access_case(agent, case)
    form = NoteForm(request.POST)
    typed, kind = request.POST.get("note", ""), DraftKind.NOTE
    if not form.is_valid():
        return composer_part(request, agent, found, kind=kind, error=form.mistake(), typed=typed, status=422)
    refused = _once(found, agent, form.cleaned_data["submission"], lambda: _note(request, agent, found, form))
    if refused is not None:
        return composer_part(request, agent, found, kind=kind, error=str(refused), typed=typed, status=422)
    return tell(composer_part(request, agent, found), changed=case_changed(found.pk))


def _note(request: HttpRequest, agent: Agent, case: Case, form: NoteForm) -> None:
    draft = _kept(case, agent, DraftKind.NOTE, request)
    add_note(
        case.pk,
        author=agent,
        html=to_content_ids(form.cleaned_data["note"]),
        draft=draft.pk,
        attachments=_files(draft),
        submission=form.cleaned_data["submission"],
    )


@screen("POST")
def drafts(request: HttpRequest, case: UUID, kind: str) -> HttpResponse:
    """Keeps what is being written; answers the new version, or 409 when another window has written meanwhile."""
    if kind not in DraftKind.values:
        raise Http404
    agent = agent_of(request)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    empty_letter = bool(carried(request)) and not _has_words(form.cleaned_data["html"])
    if empty_letter and unopened(request, agent, case) is not None:
        return JsonResponse(_NO_DRAFT)
    found = case_to_write(request, agent, case)
    try:
        draft = save_draft(
            found,
            agent,
            DraftKind(kind),
            html=to_content_ids(form.cleaned_data["html"]),
            version=form.cleaned_data["version"],
            recipients=form.recipients,
            typed=form.typed,
        )
    except DraftConflict:
        return JsonResponse({"error": "changed elsewhere"}, status=409)
    if empty_letter and discard_opened(found.pk, agent):  # it gets a case again with the next words
        return JsonResponse(_NO_DRAFT)
    return JsonResponse({"version": draft.version, "draft": str(draft.pk)})


def _kept(case: Case, agent: Agent, kind: DraftKind, request: HttpRequest) -> Draft:
    """The draft with what was just sent in, so that nothing is lost when it cannot go out.

    Raises _Stale when the window's draft was sent already, or was written by another window since.
    """
    form = DraftForm(
        {
            "html": request.POST.get(kind.value, ""),
            "version": request.POST.get(f"{kind.value}_version") or 0,
            **_typed(request),
        }
    )
    if not form.is_valid():
        raise CannotReply("This is too long to be sent.")
    known = own_draft(case, agent, kind) if not request.POST.get(f"{kind.value}_draft") else None
    if known is None and not Draft.objects.filter(pk=_key(request, kind), case=case, agent=agent, kind=kind).exists():
        raise _Stale("This was already sent.")
    try:
        return save_draft(
            case,
            agent,
            kind,
            html=to_content_ids(form.cleaned_data["html"]),
            version=known.version if known else form.cleaned_data["version"],
            recipients=form.recipients,
            typed=form.typed,
        )
    except DraftConflict as error:
        raise _Stale("You wrote on in another window. Compare both, then send from one of them.") from error


def _typed(request: HttpRequest) -> dict[str, str]:
    """What stands in the fields for addresses of what was sent in."""
    return {name: request.POST.get(name, "") for name in ADDRESSES}


def _has_words(html: str) -> bool:
    return "<img" in html or bool(markup.as_text(markup.clean(html)).strip())


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
    wanted: str = "",
    focus: bool = False,
    status: int = 200,
) -> HttpResponse:
    view = composer_view(
        agent,
        case,
        derived=derived(case, message_to_answer(case)),
        last=last_of_others(case, agent),
        kind=str(kind),
        error=error,
        typed=typed,
        addresses=_typed(request) if status != 200 else None,
        overtaken=overtaken,
        status=wanted,
        focus=focus or status != 200,
        letter=carried(request),
    )
    return render(request, "desktop/case/_composer.html", {"composer": view}, status=status)
