"""Setting what is promised: only administrators, in words that people write, and at once for what is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desktop.forms.minutes import MinutesField, in_words
from foundation import bus
from foundation.outbox.models import OutboxRow
from interactions.enums import ClockKind
from interactions.models import SlaClock
from routing.models import SlaPolicy
from tests.people import A_TUESDAY

pytestmark = pytest.mark.django_db
LIST = "desktop:service_levels"


@pytest.fixture
def everyone(db) -> SlaPolicy:
    return SlaPolicy.objects.create(name="Everyone", first_response=60)


def written(**fields: object) -> dict[str, object]:
    plain = {"name": "Returns", "active": "on", "position": 10, "least_priority": 1, "warn_percent": 75}
    return {**plain, "first_response": "1 h 30", "next_response": "", "resolution": "2 d", **fields}


def test_an_administrator_promises_something_and_open_cases_follow(tuesday, desk_of, ada, carlas_case, orders):
    desk = desk_of(ada)
    answer = desk.post(reverse("desktop:service_level_new"), written(queues=[str(orders.pk)], raise_on_breach="on"))
    assert answer.url == reverse(LIST)
    policy = SlaPolicy.objects.get()
    assert (policy.first_response, policy.next_response, policy.resolution) == (90, None, 960)
    bus.drain()
    first = SlaClock.objects.get(case=carlas_case, kind=ClockKind.FIRST_RESPONSE)
    assert first.due_at == A_TUESDAY + timedelta(minutes=90)

    page = desk.get(answer.url).content.decode()
    assert "First answer: 1 h 30 min" in page
    assert "2 running" in page

    desk.post(reverse("desktop:service_level", args=[policy.pk]), written(active=""))
    bus.drain()
    assert not SlaClock.objects.running().exists()


def test_late_ones_and_those_kept_are_counted(tuesday, desk_of, ada, everyone, carlas_case):
    bus.drain()
    tuesday.advance(timedelta(hours=2))
    assert "1 late now" in desk_of(ada).get(reverse(LIST)).content.decode()


@pytest.mark.parametrize(("fields", "words"), [
    ({"first_response": "soon"}, "Write a time such as"),
    ({"first_response": "0 min"}, "Between one minute"),
    ({"first_response": "999999 d"}, "Between one minute"),
    ({"first_response": "", "resolution": ""}, "at least one of the three"),
    ({"name": ""}, "This field is required"),
    ({"warn_percent": 100}, "less than or equal to 99"),
])  # fmt: skip
def test_what_cannot_be_is_told_and_nothing_is_saved(desk_of, ada, fields, words):
    answer = desk_of(ada).post(reverse("desktop:service_level_new"), written(**fields))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not SlaPolicy.objects.exists()
    assert not OutboxRow.objects.exists()


def test_a_queue_cannot_pass_what_is_late_on_to_itself(desk_of, ada, orders):
    fields = written(queues=[str(orders.pk)], escalate_to=str(orders.pk))
    answer = desk_of(ada).post(reverse("desktop:service_level_new"), fields)
    assert "It is there already" in answer.content.decode()
    assert not SlaPolicy.objects.exists()


def test_for_others_it_is_not_there(at_anas_desk, everyone):
    for address in (reverse(LIST), reverse("desktop:service_level_new")):
        assert at_anas_desk.get(address).status_code == 404
    one = reverse("desktop:service_level", args=[everyone.pk])
    assert at_anas_desk.post(one, written()).status_code == 404
    everyone.refresh_from_db()
    assert (everyone.name, SlaPolicy.objects.count()) == ("Everyone", 1)


def test_the_list_asks_no_more_of_three_than_of_one(desk_of, ada, everyone, orders):
    desk = desk_of(ada)
    desk.get(reverse(LIST))
    everyone.queues.add(orders)
    with CaptureQueriesContext(connection) as of_one:
        desk.get(reverse(LIST))
    for number in range(2):
        SlaPolicy.objects.create(name=f"More {number}", resolution=60, escalate_to=orders).queues.add(orders)
    with CaptureQueriesContext(connection) as of_three:
        desk.get(reverse(LIST))
    assert len(of_three) == len(of_one) <= 20


@pytest.mark.parametrize(("text", "minutes"), [
    ("30", 30), ("30 min", 30), ("4h", 240), ("1 h 30", 90), ("1,5 h", 90), ("2 d", 960), ("1 d 2", 600), ("", None),
])  # fmt: skip
def test_times_as_people_write_them(text, minutes):
    assert MinutesField().clean(text) == minutes


@pytest.mark.parametrize(("minutes", "text"), [(30, "30 min"), (90, "1 h 30 min"), (480, "1 d"), (1000, "2 d 40 min")])
def test_times_as_they_are_shown(minutes, text):
    assert in_words(minutes) == text
    assert MinutesField().clean(text) == minutes
