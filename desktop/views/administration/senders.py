"""Who is turned away at the door, and the keys with which our own mail is signed."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from channels_email.domain.access import access_key, readable_keys, visible_blocks
from channels_email.domain.block import ReachesOthers, block, unblock
from channels_email.domain.block_reach import reach_of
from channels_email.domain.dkim_signing import use_key
from desktop.forms.senders import BlockForm, KeyForm
from desktop.presenters.administration.senders import block_lines, key_lines
from desktop.views.administration.office import office, office_page
from desktop.views.door import agent_of, screen
from interactions.domain.timeline import Cursor

PAGE = 50


@screen("GET", "POST")
def blocks(request: HttpRequest) -> HttpResponse:
    """Who is turned away, latest first, those of `?q=` alone; one more (POST)."""
    agent = agent_of(request)
    found = visible_blocks(agent)
    begun = {name: request.GET.get(name, "")[:320].replace("\x00", "") for name in ("value", "reason")}
    form = BlockForm(request.POST if request.method == "POST" else None, initial=begun)
    reach = reach_of(begun["value"])
    if form.is_bound and form.is_valid():
        written = form.cleaned_data
        try:
            row = block(written["value"], agent, reason=written["reason"], sure=written["sure"] == written["value"])
        except ReachesOthers as others:
            reach = others.reach
        else:
            messages.success(request, f"Mail from {row.value} is turned away from now on.")
            return redirect("desktop:blocks")
    query = request.GET.get("q", "").strip()[:320].replace("\x00", "")
    if query:
        found = found.filter(value__icontains=query)
    with suppress(ValueError):
        before = Cursor.parse(request.GET["before"]) if request.GET.get("before") else None
        if before is not None:
            found = found.filter(Q(created_at__lt=before.at) | Q(created_at=before.at, id__lt=before.id))
    rows = list(found.order_by("-created_at", "-id")[: PAGE + 1])
    older = Cursor(rows[PAGE - 1].created_at, rows[PAGE - 1].pk) if len(rows) > PAGE else None
    more = {"q": query, "before": str(older)} if older else {}
    context = {
        "lines": block_lines(rows[:PAGE]),
        "form": form,
        "reach": reach,
        "query": query,
        "more_url": f"{reverse('desktop:blocks')}?{urlencode(more)}" if more else "",
    }
    page = "desktop/administration/blocks.html"
    return office_page(request, page, "blocks", context, status=422 if form.is_bound else 200)


@screen("POST")
def lifting(request: HttpRequest, blocked: UUID) -> HttpResponse:
    """Lets a sender in again. Who was let in already stays so."""
    agent = agent_of(request)
    row = visible_blocks(agent).filter(pk=blocked).first()
    if row is not None:
        unblock(row.pk, agent)
        messages.success(request, f"Mail from {row.value} is let in again.")
    return redirect("desktop:blocks")


@office("GET", "POST")
def keys(request: HttpRequest) -> HttpResponse:
    """The keys with the records to publish; a new one is made (POST)."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = form.save()
        messages.success(request, f"Publish the record of {made}, then sign with it.")
        return redirect("desktop:keys")
    context = {"lines": key_lines(readable_keys(agent_of(request))), "form": form}
    page = "desktop/administration/keys.html"
    return office_page(request, page, "keys", context, status=422 if form.is_bound else 200)


@office("POST")
def key(request: HttpRequest, key: UUID) -> HttpResponse:
    """Signs with this key, and with no other of its domain, or no longer (`active=no`)."""
    found = access_key(agent_of(request), key)
    active = request.POST.get("active") == "yes"
    use_key(found.pk, active=active)
    said = f"Mail from {found.domain} is signed with {found}." if active else f"{found} signs nothing any more."
    messages.success(request, said)
    return redirect("desktop:keys")
