"""Decisions about a case: status, priority, tags, subject, queue, owner. Each is its own address."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from agents.models import Agent
from desktop.domain.colleagues import possible_owners
from desktop.forms.deciding import OwnerForm, PriorityForm, QueueForm, StatusForm, SubjectForm, TagForm
from desktop.presenters.words import status_look
from desktop.views.door import agent_of, case_changed, done, screen
from interactions.domain.access import access_case, visible_queues
from interactions.domain.assign import assign, release
from interactions.domain.move import set_queue
from interactions.domain.status import add_tag, remove_tag, set_priority, set_status, set_subject
from interactions.enums import CaseStatus, Priority
from interactions.models import Case


@screen("POST")
def status(request: HttpRequest, case: UUID) -> HttpResponse:
    agent, found = _case(request, case)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _refused("There is no such status.")
    wanted = CaseStatus(form.cleaned_data["status"])
    set_status(found.pk, wanted, agent=agent)
    return _done(found, f"#{found.number}: {status_look(wanted).label.lower()}.")


@screen("POST")
def priority(request: HttpRequest, case: UUID) -> HttpResponse:
    agent, found = _case(request, case)
    form = PriorityForm(request.POST)
    if not form.is_valid():
        return _refused("There is no such priority.")
    set_priority(found.pk, Priority(form.cleaned_data["priority"]), agent=agent)
    return _done(found)


@screen("POST")
def subject(request: HttpRequest, case: UUID) -> HttpResponse:
    agent, found = _case(request, case)
    form = SubjectForm(request.POST)
    if not form.is_valid():
        return _refused(str(next(iter(form.errors.values()))[0]))
    set_subject(found.pk, form.cleaned_data["subject"], agent=agent)
    return _done(found)


@screen("POST")
def tags(request: HttpRequest, case: UUID) -> HttpResponse:
    agent, found = _case(request, case)
    form = TagForm(request.POST)
    if not form.is_valid():
        return _refused(str(next(iter(form.errors.values()))[0]))
    add_tag(found.pk, form.cleaned_data["tag"], agent=agent)
    return _done(found)


@screen("DELETE")
def tag(request: HttpRequest, case: UUID, tag: UUID) -> HttpResponse:
    agent, found = _case(request, case)
    remove_tag(found.pk, tag, agent=agent)
    return _done(found)


@screen("POST")
def assignment(request: HttpRequest, case: UUID) -> HttpResponse:
    """Gives the case to somebody who may have it; without an owner, takes it off its owner."""
    agent, found = _case(request, case)
    form = OwnerForm(request.POST, owners=possible_owners(found.queue_id))
    if not form.is_valid():
        return _refused("This person may not have cases of this queue.")
    owner: Agent | None = form.cleaned_data["owner"]
    if owner is None:
        release(found.pk, by=agent)
        return _done(found, f"#{found.number} has no owner now.")
    assign(found.pk, owner, by=agent)
    return _done(found, f"#{found.number} is {'yours' if owner == agent else f'with {owner.name}'} now.")


@screen("POST")
def queue(request: HttpRequest, case: UUID) -> HttpResponse:
    agent, found = _case(request, case)
    form = QueueForm(request.POST, queues=visible_queues(agent))
    if not form.is_valid():
        return _refused("There is no such queue.")
    wanted, owner = form.cleaned_data["queue"], found.owner
    moved = set_queue(found.pk, wanted, agent=agent)
    said = f"#{found.number} is in {wanted.name} now."
    if owner is not None and moved.owner is None:
        said += f" {owner.name} does not work there, so it has no owner."
    return _done(found, said)


def _case(request: HttpRequest, case: UUID) -> tuple[Agent, Case]:
    agent = agent_of(request)
    return agent, access_case(agent, case)


def _done(case: Case, toast: str = "") -> HttpResponse:
    return done(f"{case_changed(case.pk)} queue.{case.queue_id}", toast)


def _refused(words: str) -> HttpResponse:
    """Menus offer only what goes: this is for what was overtaken or made by hand. Nothing changes, and it says so."""
    return done("", words)
