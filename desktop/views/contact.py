"""A call or a visit that nothing of ours carried, logged by hand."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agents.models import Agent
from customers.domain.access import access_customer
from customers.domain.identify import identify
from customers.models import Customer
from desktop.domain.naming import shown_names
from desktop.forms.contact import LogForm
from desktop.views.customers import around
from desktop.views.door import agent_of, screen
from interactions.domain.access import access_case, visible_queues
from interactions.domain.log import log_contact
from interactions.domain.open import open_case
from interactions.enums import CaseStatus, ChannelName, Direction, Disposition
from interactions.errors import CannotReply, NotAllowed
from interactions.models import Case


@screen("GET", "POST")
def contact(request: HttpRequest) -> HttpResponse:
    """Asked for a case (`?case`), a customer (`?customer`), or somebody yet unknown."""
    agent = agent_of(request)
    case = access_case(agent, _key(request.GET["case"])) if request.GET.get("case") else None
    customer = None
    if case is not None:
        customer = case.customer.root
    elif request.GET.get("customer"):
        customer = access_customer(agent, _key(request.GET["customer"]))
    queues = None if case else visible_queues(agent).select_related("calendar").order_by("name")
    form = LogForm(request.POST if request.method == "POST" else None, queues=queues, known=customer is not None)
    if form.is_bound and form.is_valid():
        try:
            return redirect("desktop:case", case=_log(agent, form, case, customer).pk)
        except CannotReply as error:
            form.add_error(None, str(error))
    context = {
        "form": form,
        "case": case,
        "name": shown_names([customer])[customer.pk] if customer else "",
        "shell": around(agent, place=""),
    }
    return render(request, "desktop/case/contact.html", context, status=422 if form.is_bound else 200)


def _log(agent: Agent, form: LogForm, case: Case | None, customer: Customer | None) -> Case:
    data = form.cleaned_data
    channel = ChannelName(data["channel"])
    with transaction.atomic():
        if case is None:
            whose = customer or identify(data["kind"], data["who"], region=data["region"]).owner
            case = open_case(
                data["key"],
                queue=data["queue"],
                customer=whose,
                subject=data["subject"],
                channel=channel.value,
                agent=agent,
            )
        log_contact(
            data["key"],
            case=case.pk,
            channel=channel,
            direction=Direction(data["direction"]),
            started_at=data["started_at"],
            length=form.length,
            text=data["text"],
            disposition=Disposition(data["disposition"]),
            author=agent,
            answered=bool(data.get("answered")),
            status=CaseStatus(data["status"]) if data["status"] else None,
        )
        return case


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotAllowed from error
