"""The demo world's pages: its rate, and the customers' mailboxes. Open to everybody, and there only in a demo world."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from channels_email.models import Mailbox
from foundation import clock
from simulator.enums import Folder
from simulator.forms import AddressForm, AnswerForm, MailForm, RateForm
from simulator.mail import boxes
from simulator.models import DemoMail, World
from simulator.presenters import framed_html, mail_lines, mailbox_lines, open_mail

Parameters = ParamSpec("Parameters")
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
# The frame of a mail runs nothing and loads nothing but the mail's own pictures; its height is read from outside.
_FRAME = (
    "default-src 'none'; style-src 'unsafe-inline' 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)


def in_demo(
    view: Callable[Concatenate[HttpRequest, World, Parameters], HttpResponse],
) -> Callable[..., HttpResponse]:
    """The page does not exist where no demo world was loaded."""

    @wraps(view)
    def seen(request: HttpRequest, *args: Parameters.args, **options: Parameters.kwargs) -> HttpResponse:
        world = World.objects.first()
        if world is None:
            raise Http404
        return view(request, world, *args, **options)

    return seen


@require_http_methods(["GET", "HEAD", "POST"])
@in_demo
def world(request: HttpRequest, world: World) -> HttpResponse:
    """How busy the demo world is."""
    form = RateForm(request.POST or None, instance=world)
    if request.method == "POST" and form.is_valid():
        form.save()
        if not request.headers.get("HX-Request"):
            return redirect("demo")
    context = {"world": world, "form": form, "runs": settings.SIMULATOR}
    template = "simulator/world/_rate.html" if request.headers.get("HX-Request") else "simulator/world/show.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_safe
@in_demo
def mailboxes(request: HttpRequest, _: World) -> HttpResponse:
    """All mailboxes, the liveliest first; `?address=` opens one, `?q=` looks for some."""
    form = AddressForm(request.GET if "address" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("mailbox", form.cleaned_data["address"])
    query = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    context = {"lines": mailbox_lines(query), "query": query, "form": form}
    if request.headers.get("HX-Request"):
        return render(request, "simulator/mailbox/_boxes.html", context)
    return render(request, "simulator/mailbox/index.html", {**context, "known": _known()})


@require_safe
@in_demo
def mailbox(request: HttpRequest, _: World, owner: str) -> HttpResponse:
    """One mailbox with its mails."""
    context = {"owner": _checked(owner), "mails": mail_lines(owner)}
    template = "simulator/mailbox/_mails.html" if request.headers.get("HX-Request") else "simulator/mailbox/show.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_demo
def write_mail(request: HttpRequest, world: World, owner: str) -> HttpResponse:
    """A new mail from this mailbox."""
    owner = _checked(owner)
    first = {"to": world.mailbox, "name": boxes.name_of(owner)}
    form = MailForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        written = form.cleaned_data
        words = (written["name"], written["to"], written["subject"], written["text"])
        boxes.write(owner, *words, by_hand=True, files=written["files"])
        return redirect("mailbox", owner)
    context = {"owner": owner, "form": form, "known": _known(), "mails": mail_lines(owner)}
    return render(request, "simulator/mailbox/write.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@in_demo
def mail(request: HttpRequest, _: World, owner: str, mail: UUID) -> HttpResponse:
    """One mail, and the answer to it."""
    found = get_object_or_404(DemoMail, pk=mail, owner=_checked(owner))
    form = AnswerForm(request.POST or None, request.FILES or None, initial={"name": boxes.name_of(found.owner)})
    if request.method == "POST" and found.folder == Folder.INBOX and form.is_valid():
        written = form.cleaned_data
        boxes.answer(found, written["text"], name=written["name"], by_hand=True, files=written["files"])
        return redirect("mailbox", found.owner)
    if found.is_unread and request.method == "GET":
        found.seen_at = clock.now()
        found.save(update_fields=["seen_at"])
    context = {"owner": found.owner, "open": open_mail(found), "form": form, "mails": mail_lines(found.owner)}
    return render(request, "simulator/mailbox/mail.html", context, status=422 if form.errors else 200)


@require_safe
@xframe_options_sameorigin
@in_demo
def mail_html(request: HttpRequest, _: World, owner: str, mail: UUID) -> HttpResponse:
    """A mail's HTML, to be framed."""
    found = get_object_or_404(DemoMail, pk=mail, owner=_checked(owner))
    response = render(request, "simulator/mailbox/body.html", {"html": framed_html(found)})
    response["Content-Security-Policy"] = _FRAME
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@in_demo
def mail_file(_request: HttpRequest, _: World, owner: str, mail: UUID, number: int) -> HttpResponse:
    """A file of a mail: a picture in its place, everything else as a download."""
    found = get_object_or_404(DemoMail, pk=mail, owner=_checked(owner))
    parsed = boxes.read(bytes(found.raw))
    if parsed is None or number >= len(parsed.attachments):
        raise Http404
    file = parsed.attachments[number]
    shown = file.inline and file.sniffed_type in PICTURES
    response = HttpResponse(file.content, content_type=file.sniffed_type if shown else "application/octet-stream")
    way = "inline" if shown else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(file.filename or 'file', safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _known() -> list[tuple[str, str]]:
    """The addresses that the contact center reads, each with the queue that its mail goes to; the first one first."""
    return list(Mailbox.objects.active().values_list("address", "queue__name"))


def _checked(owner: str) -> str:
    """The address in lower case. Raises Http404 for what is none."""
    try:
        validate_email(owner)
    except ValidationError as error:
        raise Http404 from error
    return owner.lower()
