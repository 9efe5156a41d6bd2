"""The ledger of incoming mail: every mail that ever came, what became of it, and the difference where there is one."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from channels_email.domain.access import access_mail, access_reprocessing, readable_mails
from channels_email.domain.ledger import count_days, count_reasons, list_mails, put_aside
from channels_email.domain.reconcile import differences
from channels_email.domain.reprocess import process_again, start_reprocessing
from channels_email.models import Reprocessing
from desktop.forms.administration import LedgerForm
from desktop.presenters.administration.mail_in import job_view, ledger_view, mail_lines, mail_view
from desktop.views.administration.office import office, office_page
from desktop.views.door import agent_of, tell, wants_part
from interactions.domain.timeline import Cursor

STREAM = "mail.ledger"


@office("GET")
def ledger(request: HttpRequest) -> HttpResponse:
    """The page, its region refreshed, or only the next mails of it."""
    mails = readable_mails(agent_of(request))
    form = LedgerForm(request.GET)
    asked = form.narrowing()
    before = None
    with suppress(ValueError):
        before = Cursor.parse(form.cleaned_data.get("before") or "")
    page = list_mails(mails, asked, before)
    if before is not None and wants_part(request):
        view = ledger_view(asked, [], [], [], page, 0, None)
        return render(request, "desktop/administration/_mails.html", {"ledger": view})
    view = ledger_view(
        asked,
        count_days(mails, asked),
        count_reasons(mails, asked),
        differences(mails, asked),
        page,
        put_aside(mails, asked).count(),
        Reprocessing.objects.filter(finished_at=None).first() or Reprocessing.objects.first(),
    )
    shown = LedgerForm(initial={"first": asked.first, "last": asked.last, **asked.as_json()})
    context = {"ledger": view, "form": shown}
    if wants_part(request):
        return render(request, "desktop/administration/_ledger.html", context)
    return office_page(request, "desktop/administration/mail_in.html", "mail_in", context, STREAM)


@office("GET")
def mail(request: HttpRequest, raw: UUID) -> HttpResponse:
    found = access_mail(agent_of(request), raw)
    return office_page(request, "desktop/administration/mail.html", "mail_in", {"mail": mail_view(found)})


@office("GET")
def source(request: HttpRequest, raw: UUID) -> HttpResponseBase:
    """The mail as it came, as a file that no browser shows: it may be anything."""
    found = access_mail(agent_of(request), raw)
    answer = FileResponse([bytes(found.content)], content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{found.pk}.eml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@office("POST")
def processing(request: HttpRequest, raw: UUID) -> HttpResponse:
    """One mail taken in again, at once."""
    found = access_mail(agent_of(request), raw)
    processed = process_again(found.pk, agent_of(request))
    said = "Only what was quarantined or ignored can be processed again."
    if processed is not None:
        said = f"Processed again: {mail_lines([processed.raw])[0].state.label}. {processed.raw.reason}".strip()
    answer = redirect("desktop:mail", raw=found.pk)
    if not wants_part(request):
        return answer
    fresh = access_mail(agent_of(request), raw)
    return tell(render(request, "desktop/administration/_mail.html", {"mail": mail_view(fresh)}), toast=said)


@office("POST")
def processing_all(request: HttpRequest) -> HttpResponse:
    """All mails of the part of the ledger that is shown, as a job."""
    job = start_reprocessing(agent_of(request), LedgerForm(request.POST).narrowing())
    return render(request, "desktop/administration/_job.html", {"job": job_view(job)})


@office("GET")
def job(request: HttpRequest, job: UUID) -> HttpResponse:
    return render(
        request, "desktop/administration/_job.html", {"job": job_view(access_reprocessing(agent_of(request), job))}
    )
