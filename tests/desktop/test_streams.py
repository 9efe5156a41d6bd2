"""Every stream that a page names is one its reader may hear of, and nobody else's."""

import re

import pytest
from django.urls import reverse

from foundation import streams

pytestmark = pytest.mark.django_db


def named(page: str) -> set[str]:
    return {name for found in re.findall(r'data-stream="([^"]*)"', page) for name in found.split()}


@pytest.mark.parametrize("who", ["ana", "sol", "ada"])
def test_a_page_names_only_streams_that_its_reader_may_hear(who, request, desk_of, carlas_case):
    agent = request.getfixturevalue(who)
    names = named(desk_of(agent).get(reverse("desktop:case", args=[carlas_case.pk])).content.decode())
    assert {f"case.{carlas_case.pk}", f"queue.{carlas_case.queue_id}", f"agent.{agent.pk}"} <= names
    assert [name for name in names if not streams.may_listen(agent, name)] == []


def test_an_outsider_hears_of_neither_case_nor_queue(cleo, carlas_case):
    assert not streams.may_listen(cleo, f"case.{carlas_case.pk}")
    assert not streams.may_listen(cleo, f"queue.{carlas_case.queue_id}")


def test_each_page_says_how_far_its_streams_were_when_it_was_made(desk_of, ana, carlas_case):
    page = desk_of(ana).get(reverse("desktop:case", args=[carlas_case.pk])).content.decode()
    known = "".join(re.findall(r'data-known="([^"]*)"', page))
    assert [name for name in named(page) if name not in known] == []
