"""What a whole page costs, for whoever asks and with one case or three: never more than twenty queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import Agent
from interactions.channel import ThreadHint
from interactions.domain.assign import assign
from interactions.models import Case

pytestmark = pytest.mark.django_db
MOST = 20
CASES = "desktop:cases"


@pytest.fixture(params=["ana", "sol", "ada"])
def agent(request, ana, sol, ada, at_work) -> Agent:
    """An agent, the supervisor of her team, an administrator who sees everything and hears alarms."""
    at_work(ana, sol, ada)
    return request.getfixturevalue(request.param)


def queries_of(desk, address: str) -> int:
    desk.get(address)  # where it was is remembered, and what it says is read
    with CaptureQueriesContext(connection) as caught:
        assert desk.get(address).status_code == 200
    return len(caught)


PLAIN = ["", "?box=queues", "?box=teams", "?box=all", "?box=queues&chip=unowned"]
SEARCHED = ["?q=order", "?box=all&q=order", "?box=teams&q=order", "?box=all&q=carla", "?box=all&q=nobody+wrote+this"]


@pytest.mark.parametrize("asked", [*PLAIN, *SEARCHED])
def test_a_list(desk_of, agent, ana, carlas_case, writes, mailbox, asked):
    assign(carlas_case.pk, ana)
    desk, address = desk_of(agent), reverse(CASES) + asked
    of_one = queries_of(desk, address)
    for name in ("dev", "eva"):
        assign(writes(f"{name}@mail.example", name=name.title()).message.case.pk, ana)
    assert queries_of(desk, address) == of_one
    assert of_one <= MOST


@pytest.mark.parametrize("beside", PLAIN)
def test_a_case_beside_a_list(desk_of, agent, ana, carlas_case, writes, mailbox, beside):
    assign(carlas_case.pk, ana)
    writes("dev@mail.example", subject="Without an owner")
    desk, address = desk_of(agent), reverse("desktop:case", args=[carlas_case.pk])
    desk.get(reverse(CASES) + beside)
    of_one = queries_of(desk, address)
    more_of(carlas_case, writes)
    assert queries_of(desk, address) == of_one
    assert of_one <= MOST


def more_of(case: Case, writes) -> None:
    for text in ("And the lamp?", "And the leg?"):
        writes("carla@post.example", text, thread=ThreadHint(case=case.pk, proven=True, by="token"))
    writes("carla@post.example", "Something else", subject="Another thing")
