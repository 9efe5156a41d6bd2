"""Setting mailboxes up, connecting their accounts, and trying whether mail comes and goes."""

from __future__ import annotations

import hmac
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from channels_email.adapter.oauth import NotConfigured, SignInRefused, ask_consent, redeem
from channels_email.domain.access import access_mailbox, access_trial, readable_mailboxes
from channels_email.domain.trials import ask_trial, give_up_forgotten, latest_trial
from channels_email.models import Mailbox, MailboxTrial
from desktop.forms.mailbox import MailboxForm
from desktop.presenters.administration.mailboxes import connect_view, mailbox_lines, trial_view
from desktop.views.administration.office import office, office_page
from desktop.views.door import agent_of

KEY = "mailbox_consent"  # in the session, from the way to the provider until the way back


@office("GET")
def mailboxes(request: HttpRequest) -> HttpResponse:
    lines = mailbox_lines(readable_mailboxes(agent_of(request)))
    return office_page(request, "desktop/administration/mailboxes.html", "mailboxes", {"mailboxes": lines})


@office("GET", "POST")
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, Mailbox(), "New mailbox")


@office("GET", "POST")
def mailbox(request: HttpRequest, mailbox: UUID) -> HttpResponse:
    found = access_mailbox(agent_of(request), mailbox)
    return _edit(request, found, found.address)


def _edit(request: HttpRequest, mailbox: Mailbox, title: str) -> HttpResponse:
    form = MailboxForm(request.POST or None, instance=mailbox)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                kept = form.save()
        except IntegrityError:  # somebody was faster
            form.add_error("address", "There is a mailbox with this address already.")
        else:
            messages.success(request, "Saved.")
            return redirect("desktop:mailbox", mailbox=kept.pk)
    known = not mailbox._state.adding  # noqa: SLF001 - how Django tells a row that is not in the table yet
    last = latest_trial(mailbox.pk) if known else None
    context = {
        "form": form,
        "title": title,
        "mailbox": mailbox if known else None,
        "trial": trial_view(last) if last else None,
        "trials_url": reverse("desktop:mailbox_trials", args=[mailbox.pk]) if known else "",
        "connect": connect_view(mailbox, _redirect_uri()) if known else None,
    }
    page = "desktop/administration/mailbox.html"
    return office_page(request, page, "mailboxes", context, status=422 if form.is_bound else 200)


@office("POST")
def trials(request: HttpRequest, mailbox: UUID) -> HttpResponse:
    return _trial(request, ask_trial(agent_of(request), mailbox))


@office("GET")
def trial(request: HttpRequest, trial: UUID) -> HttpResponse:
    found = access_trial(agent_of(request), trial)
    if found.finished_at is None:
        give_up_forgotten(found.mailbox_id)
        found.refresh_from_db()
    return _trial(request, found)


def _trial(request: HttpRequest, trial: MailboxTrial) -> HttpResponse:
    context = {
        "trial": trial_view(trial),
        "trials_url": reverse("desktop:mailbox_trials", args=[trial.mailbox_id]),
    }
    return render(request, "desktop/administration/_trial.html", context)


@office("GET")
def consent(request: HttpRequest, mailbox: UUID) -> HttpResponse:
    """Off to the provider. What comes back is believed only with the state that this session was given."""
    found = access_mailbox(agent_of(request), mailbox)
    try:
        asked = ask_consent(found, _redirect_uri())
    except (NotConfigured, ValueError) as error:
        messages.error(request, str(error))
        return redirect("desktop:mailbox", mailbox=found.pk)
    request.session[KEY] = {"mailbox": str(found.pk), "state": asked.state, "verifier": asked.verifier}
    return redirect(asked.url)


@office("GET")
def consented(request: HttpRequest) -> HttpResponse:
    """Back from the provider, with a code or with a refusal."""
    asked = request.session.pop(KEY, None)
    state = request.GET.get("state", "")
    if asked is None or not hmac.compare_digest(str(asked["state"]).encode(), state.encode()):
        messages.error(request, "This answer belongs to no question of ours; nothing was changed.")
        return redirect("desktop:mailboxes")
    found = access_mailbox(agent_of(request), UUID(asked["mailbox"]))
    try:
        if "code" not in request.GET:
            raise SignInRefused(f"The account was not connected: {request.GET.get('error', 'no code came')[:100]}.")
        redeem(found, request.GET["code"], asked["verifier"], _redirect_uri())
    except (NotConfigured, SignInRefused) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The account is connected.")
    return redirect("desktop:mailbox", mailbox=found.pk)


def _redirect_uri() -> str:
    return f"{settings.PUBLIC_URL}{reverse('desktop:mailbox_consented')}"
