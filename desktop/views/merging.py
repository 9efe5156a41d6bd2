"""Two customers that are one person: compared, merged, or told apart."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agents.enums import Permission
from agents.models import Agent
from customers.domain.access import access_customer, access_two, suggested
from customers.domain.claim import dismiss, suggestion
from customers.domain.merge import members, merge
from customers.errors import CannotMerge, NoSuchCustomer
from customers.models import Customer
from desktop.domain.naming import shown_names
from desktop.forms.merging import CompareForm, MergeForm
from desktop.presenters.customer import evidence_words
from desktop.presenters.customers import customer_lines
from desktop.presenters.merging import comparison
from desktop.views.customers import around
from desktop.views.door import agent_of, done, screen

FOUND = 10


@screen("GET", "POST")
def merges(request: HttpRequest, customer: UUID) -> HttpResponse:
    """Finds the other one, shows both side by side (GET `with`), makes them one (POST)."""
    agent = agent_of(request)
    if not agent.may(Permission.MERGE_CUSTOMERS):
        raise NoSuchCustomer
    if request.method == "POST":
        return _merged(request, agent, customer)
    form = CompareForm(request.GET)
    form.is_valid()
    data = form.cleaned_data  # only what could be read
    case = str(data.get("case") or "")
    if data.get("with"):
        one, other = access_two(agent, customer, data["with"])
        if one.pk != other.pk:
            return _compared(request, agent, one, other, keep=data.get("keep"), case=case)
    found = access_customer(agent, customer)
    words = data.get("q") or ""
    others = [one for one in suggested(agent, words, FOUND + 1) if one.pk != found.root_id] if words else []
    context = {
        "shell": around(agent),
        "name": shown_names([found])[found.pk],
        "customer_id": found.pk,
        "query": words,
        "case": case,
        "lines": customer_lines(others[:FOUND]),
        "back_url": _back(found.pk, case),
    }
    return render(request, "desktop/customer/merge_with.html", context)


@screen("POST")
def dismissal(request: HttpRequest, customer: UUID, other: UUID) -> HttpResponse:
    """They are two people: it is not asked again."""
    agent = agent_of(request)
    one, another = access_two(agent, customer, other)
    dismiss(one.pk, another.pk, agent=agent.pk)
    return done(f"customer.{one.pk} customer.{another.pk}", "Two people, then. It will not be asked again.")


def _compared(
    request: HttpRequest,
    agent: Agent,
    one: Customer,
    other: Customer,
    *,
    keep: UUID | None = None,
    case: str = "",
    error: str = "",
) -> HttpResponse:
    older = min(one, other, key=lambda each: each.created_at)
    kept = {one.pk: one, other.pk: other}.get(keep, older) if keep else older
    view = comparison(
        agent,
        kept,
        other if kept == one else one,
        evidence=_evidence(one, other),
        case=case,
        back_url=_back(one.pk, case),
        error=error,
    )
    context = {"shell": around(agent), "comparison": view}
    return render(request, "desktop/customer/merge.html", context, status=409 if error else 200)


def _merged(request: HttpRequest, agent: Agent, customer: UUID) -> HttpResponse:
    form = MergeForm(request.POST)
    if not form.is_valid():
        return redirect("desktop:merges", customer=customer)
    kept, merged = access_two(agent, customer, form.cleaned_data["merged"])
    case = str(form.cleaned_data["case"] or "")
    evidence = "; ".join(_evidence(kept, merged)) or "Compared by hand"
    try:
        merge(merged.pk, kept.pk, agent=agent.pk, sides=form.sides, evidence=evidence)
    except CannotMerge as error:
        if kept.pk == merged.pk:
            messages.info(request, str(error))
            return redirect(_back(kept.pk, case))
        return _compared(request, agent, kept, merged, keep=kept.pk, case=case, error=str(error))
    messages.info(request, "They are one customer now. It can be undone under Changes.")
    return redirect(_back(kept.pk, case))


def _evidence(one: Customer, other: Customer) -> list[str]:
    found = suggestion(members(one.pk))
    return [evidence_words(claim) for claim in found.evidence] if found and found.other.pk == other.pk else []


def _back(customer: UUID, case: str) -> str:
    return reverse("desktop:case", args=[case]) if case else reverse("desktop:customer", args=[customer])
