"""The customer beside the case, corrected in place."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from agents.enums import Permission
from agents.models import Agent
from customers.domain.access import access_customer
from customers.domain.addresses import normalise
from customers.domain.claim import claim
from customers.domain.edit import add_identity, change_customer, remove_identity, set_consent, verify_identity
from customers.domain.history import history, undo
from customers.domain.merge import members
from customers.enums import IdentityKind, Purpose
from customers.errors import AddressUnusable, CannotUndo, IdentityTaken, NoSuchCustomer
from customers.models import Customer, Identity
from desktop.domain.story import PAST_CASES, past_cases
from desktop.forms.customer import ConsentForm, FieldForm, IdentityForm
from desktop.presenters.customer import FIELD_LABELS, REACHABLE, customer_panel, field_view
from desktop.presenters.trail import trail_lines
from desktop.views.customers import customer_page
from desktop.views.door import agent_of, done, screen, tell, wants_part
from interactions.domain.access import access_case
from interactions.models import Case

TRAIL = 15


@screen("GET")
def panel(request: HttpRequest, customer: UUID) -> HttpResponse:
    agent = agent_of(request)
    case = _beside(agent, request)
    found = access_customer(agent, case.customer_id if case else customer)
    if not wants_part(request):
        return customer_page(request, agent, found)
    everybody = members(found.pk)
    past = past_cases(agent, case, everybody) if case else []
    view = customer_panel(agent, found, case, past[:PAST_CASES], more=len(past) > PAST_CASES, everybody=everybody)
    return render(request, "desktop/customer/_panel.html", {"customer": view})


@screen("GET", "POST")
def field(request: HttpRequest, customer: UUID, name: str) -> HttpResponse:
    """One field as a form (GET), saved (POST). `?shown` gives it back as it stands."""
    if name not in FIELD_LABELS:
        raise Http404
    agent = agent_of(request)
    if "shown" in request.GET:
        view = field_view(access_customer(agent, customer), name)
        return render(request, "desktop/customer/_field.html", {"field": view, "editable": True})
    found = access_customer(agent, customer, edit=True)
    form = FieldForm(name, found, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            found = change_customer(found.pk, {name: _value(form, name)}, agent=agent.pk)
        except ValidationError as error:
            form.add_error("value", error.messages[0])
        else:
            return _saved(request, found, name)
    context = {"field": field_view(found, name), "form": form}
    return render(request, "desktop/customer/_field_form.html", context, status=422 if form.is_bound else 200)


def _value(form: FieldForm, name: str) -> object:
    value = form.cleaned_data["value"]
    return value if name == "organisation" else value or ""


def _saved(request: HttpRequest, customer: Customer, name: str) -> HttpResponse:
    view = field_view(customer, name)
    response = render(request, "desktop/customer/_field.html", {"field": view, "editable": True})
    return tell(response, changed=_stream(customer))


@screen("GET", "POST")
def identities(request: HttpRequest, customer: UUID) -> HttpResponse:
    """A form for another address (GET), the address added (POST)."""
    agent = agent_of(request)
    found = access_customer(agent, customer, edit=True)
    form = IdentityForm(request.POST if request.method == "POST" else None)
    taken: object = None
    if form.is_bound and form.is_valid():
        kind = IdentityKind(form.cleaned_data["kind"])
        try:
            if request.POST.get("theirs_too"):
                return _claimed(request, found, kind, form.cleaned_data["address"])
            add_identity(found.pk, kind, form.cleaned_data["address"], agent=agent.pk)
        except IdentityTaken as error:
            form.add_error("address", f"{error}")
            taken = error.customer
        except AddressUnusable as error:
            form.add_error("address", str(error))
        else:
            return tell(HttpResponse(""), changed=_stream(found))
    context = {"form": form, "customer_id": found.pk, "taken": taken}
    return render(request, "desktop/customer/_identity_form.html", context, status=422 if form.is_bound else 200)


def _claimed(request: HttpRequest, customer: Customer, kind: IdentityKind, address: str) -> HttpResponse:
    """The address is surely the customer's, and another's: somebody may ask whether both are one person."""
    agent = agent_of(request)
    taken = Identity.objects.filter(kind=kind, value=normalise(kind, address)).first()
    if taken is not None:
        claim(customer.pk, taken, source=f"Confirmed by {agent.name}", verified=True, agent=agent.pk)
    toast = "Kept. Where the address is verified for both, the panel asks whether they are one person."
    return tell(HttpResponse(""), changed=_stream(customer), toast=toast)


@screen("DELETE")
def identity(request: HttpRequest, customer: UUID, identity: UUID) -> HttpResponse:
    agent = agent_of(request)
    found = access_customer(agent, customer, edit=True)
    remove_identity(found.pk, identity, agent=agent.pk)
    return done(_stream(found), "Removed. It can be taken back under Changes.")


@screen("POST")
def identity_verification(request: HttpRequest, customer: UUID, identity: UUID) -> HttpResponse:
    agent = agent_of(request)
    found = access_customer(agent, customer, edit=True)
    verify_identity(found.pk, identity, f"Confirmed by {agent.name}", agent=agent.pk)
    return done(_stream(found))


@screen("POST")
def consent(request: HttpRequest, customer: UUID, channel: str) -> HttpResponse:
    agent = agent_of(request)
    found = access_customer(agent, customer, edit=True)
    form = ConsentForm(request.POST)
    if channel not in {one.value for one in REACHABLE} or not form.is_valid():
        return done("", "Choose whether it is allowed.")
    set_consent(
        found.pk,
        channel,
        Purpose.SERVICE,
        granted=form.cleaned_data["granted"],
        source=f"Told {agent.name}",
        agent=agent.pk,
    )
    return done(_stream(found))


@screen("GET")
def trail(request: HttpRequest, customer: UUID) -> HttpResponse:
    """What was changed on the record, newest first."""
    agent = agent_of(request)
    found = access_customer(agent, customer)
    steps = history(found.pk, TRAIL)
    names = dict(Agent.objects.filter(pk__in={step.agent for step in steps if step.agent}).values_list("pk", "name"))
    lines = trail_lines(
        found,
        steps,
        names,
        edits=agent.may(Permission.EDIT_CUSTOMERS),
        merges=agent.may(Permission.EDIT_CUSTOMERS) and agent.may(Permission.MERGE_CUSTOMERS),
    )
    return render(request, "desktop/customer/_trail.html", {"trail": lines})


@screen("POST")
def undoing(request: HttpRequest, customer: UUID, step: str) -> HttpResponse:
    agent = agent_of(request)
    found = access_customer(agent, customer, edit=True)
    if step.startswith("merge:") and not agent.may(Permission.MERGE_CUSTOMERS):
        raise NoSuchCustomer
    try:
        undo(found.pk, step, agent=agent.pk)
    except CannotUndo as error:
        return done("", str(error))
    return done(_stream(found), "Taken back.")


def _stream(customer: Customer) -> str:
    return f"customer.{customer.pk}"


def _beside(agent: Agent, request: HttpRequest) -> Case | None:
    try:
        return access_case(agent, UUID(request.GET.get("case", "")))
    except ValueError:
        return None
