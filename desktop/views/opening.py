"""Writing first: a case that begins with us."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agents.models import Agent
from customers.domain.access import access_customer
from customers.domain.consent import standing
from customers.domain.merge import members
from customers.enums import IdentityKind, Purpose
from customers.errors import NoSuchCustomer
from customers.models import Consent, Customer, Identity
from desktop.domain.letter import Letter
from desktop.domain.naming import shown_names
from desktop.domain.senders import senders
from desktop.forms.opening import OpeningForm
from desktop.views.customers import around
from desktop.views.door import agent_of, screen
from interactions.enums import ChannelName


@screen("GET", "POST")
def opening(request: HttpRequest) -> HttpResponse:
    """To whom, from which queue, about what (GET); on to the letter (POST)."""
    agent = agent_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    customer = _customer(agent, asked.get("customer", ""))
    addresses = _addresses(customer)
    initial: dict[str, object] = {
        "customer": customer.pk if customer else None,
        "subject": request.GET.get("subject", "")[:400],
        "to": request.GET.get("to", "")[:320] or (addresses[0] if addresses else ""),
    }
    form = OpeningForm(request.POST if request.method == "POST" else None, senders=senders(agent), initial=initial)
    if form.is_bound and form.is_valid():
        return redirect(_begun(agent, form))
    context = {
        "form": form,
        "addresses": addresses,
        "name": shown_names([customer])[customer.pk] if customer else "",
        "forbidden": _forbids(customer),
        "shell": around(agent, place="opening"),
    }
    return render(request, "desktop/case/opening.html", context, status=422 if form.is_bound else 200)


def _begun(agent: Agent, form: OpeningForm) -> str:
    """Where the letter is written; its case is opened with the first words."""
    data = form.cleaned_data
    letter = Letter(data["key"], data["queue"].pk, data["to"], " ".join(data["subject"].split())[:400])
    return f"{reverse('desktop:letter', args=[letter.key])}?{urlencode({'letter': letter.sealed(agent)})}"


def _customer(agent: Agent, key: str) -> Customer | None:
    try:
        return access_customer(agent, UUID(key)) if key else None
    except (ValueError, NoSuchCustomer):
        return None


def _addresses(customer: Customer | None) -> list[str]:
    """The customer's mail addresses: those that work first, those that were verified before those that were not."""
    if customer is None:
        return []
    known = Identity.objects.filter(customer__in=members(customer.pk), kind=IdentityKind.EMAIL, blocked_at=None)
    rows = sorted(known, key=lambda row: (row.bounced_at is not None, row.verified_at is None, row.created_at))
    return [row.shown for row in rows]


def _forbids(customer: Customer | None) -> bool:
    if customer is None:
        return False
    consents = Consent.objects.filter(
        customer__in=members(customer.pk), channel=ChannelName.EMAIL, purpose=Purpose.SERVICE
    )
    return any(not one.granted for one in standing(consents))
