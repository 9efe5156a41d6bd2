from __future__ import annotations

import json

import pytest
from django.test import Client

from agents.models import Agent
from channels_email.models import Mailbox


class Desk(Client):
    """Somebody's browser: `part` asks as htmx does, `does` posts as htmx does."""

    def part(self, address: str, /, **data: object):
        return self.get(address, data, headers={"HX-Request": "true"})

    def does(self, address: str, /, **data: object):
        return self.post(address, data, headers={"HX-Request": "true"})


@pytest.fixture
def desk_of():
    """`desk_of(ana)`: her browser, signed in."""

    def sit(agent: Agent) -> Desk:
        desk = Desk()
        desk.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
        return desk

    return sit


@pytest.fixture
def at_anas_desk(desk_of, ana) -> Desk:
    return desk_of(ana)


@pytest.fixture
def mailbox(orders) -> Mailbox:
    return Mailbox.objects.create(address="hello@nordhem.example", queue=orders)


def told(response, what: str) -> str:
    """What an answer tells the browser to do besides: `told(response, "toast")`."""
    raw = response.headers.get("HX-Trigger") or response.headers.get("HX-Trigger-After-Settle") or "{}"
    return json.loads(raw).get(what, "")
