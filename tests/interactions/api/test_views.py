import pytest
from rest_framework.test import APIClient

from foundation import bus
from foundation.paging import NewestFirst
from interactions.enums import CaseStatus, DeliveryState
from interactions.models import Delivery, Message
from tests.api_client import api_of
from tests.paper_channel import paper_channel
from tests.people import minutes

pytestmark = pytest.mark.django_db

LISTS = ["/api/v1/cases/", "/api/v1/interactions/", "/api/v1/messages/", "/api/v1/customers/"]


@pytest.fixture
def paper():
    with paper_channel() as channel:
        yield channel


@pytest.mark.parametrize("url", LISTS)
def test_without_a_token_there_is_no_answer(url, carlas_case):
    assert APIClient().get(url).status_code == 401


@pytest.mark.parametrize("url", LISTS)
def test_a_list_has_count_next_and_results(url, carlas_case, ana):
    answer = api_of(ana).get(url).json()
    assert set(answer) == {"count", "next", "results"}
    assert answer["count"] == len(answer["results"]) == 1
    assert answer["next"] is None


@pytest.mark.parametrize("url", LISTS[:3])
def test_an_agent_of_another_queue_gets_no_list_no_count_no_row_and_no_find(url, carlas_case, ana, cleo):
    bus.drain()
    mine = api_of(ana).get(url).json()["results"][0]["id"]
    assert api_of(ana).get(f"{url}{mine}/").status_code == 200
    assert api_of(ana).get(url, {"search": "order"}).json()["count"] == 1
    stranger = api_of(cleo)
    assert stranger.get(url).json() == {"count": 0, "next": None, "results": []}
    assert stranger.get(url, {"search": "order"}).json()["count"] == 0
    assert stranger.get(f"{url}{mine}/").status_code == 404


def test_newest_comes_first_and_pages_follow(writes, ana, tuesday):
    for number in range(5):
        tuesday.advance(minutes(1))
        writes(f"customer{number}@post.example", subject=f"Order {number}")
    client = api_of(ana)
    first = client.get("/api/v1/cases/", {"page_size": 2}).json()
    assert (first["count"], [row["subject"] for row in first["results"]]) == (5, ["Order 4", "Order 3"])
    second = client.get(first["next"]).json()
    assert [row["subject"] for row in second["results"]] == ["Order 2", "Order 1"]
    third = client.get(second["next"]).json()
    assert ([row["subject"] for row in third["results"]], third["next"]) == (["Order 0"], None)


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("size", ["abc", "0", "-5", "", "1.5", "²", "9" * 30])
def test_a_page_size_that_is_none_is_told(url, size, ana, carlas_case):
    for asked in ({"page_size": size}, {"page_size": size, "search": "order"}):
        answer = api_of(ana).get(url, asked)
        assert answer.status_code == 400
        assert "from 1 to 200" in answer.json()["detail"]


def test_no_page_is_larger_than_the_largest(ana, writes, monkeypatch):
    monkeypatch.setattr(NewestFirst, "max_page_size", 2)
    for name in ("carla", "dev", "eva"):
        writes(f"{name}@post.example", "About the lamp")
    bus.drain()
    for asked in ({"page_size": 5000}, {"page_size": 5000, "search": "lamp"}):
        page = api_of(ana).get("/api/v1/cases/", asked).json()
        assert (len(page["results"]), page["count"]) == (2, 3)
        assert page["next"]


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("items", [1, 3])
def test_a_list_costs_the_same_for_one_row_and_for_three(url, items, writes, ana, django_assert_num_queries):
    for number in range(items):
        writes(f"customer{number}@post.example")
    client = api_of(ana)
    queries = {"cases": 5, "interactions": 4, "messages": 5, "customers": 7}[url.split("/")[3]]
    with django_assert_num_queries(queries):
        assert len(client.get(url).json()["results"]) == items


def test_a_case_is_changed_through_its_doors(carlas_case, ana, returns):
    client = api_of(ana)
    url = f"/api/v1/cases/{carlas_case.pk}/"
    answer = client.patch(url, {"status": "open", "priority": 4, "owner": str(ana.pk)}, format="json")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["priority"], answer.json()["owner_name"]) == (
        "open",
        4,
        "Ana Lindqvist",
    )
    assert [change.kind for change in carlas_case.changes.order_by("created_at")] == [
        "opened",
        "priority",
        "owner",
        "status",
    ]
    assert client.patch(url, {"queue": str(returns.pk)}, format="json").status_code == 400
    assert client.patch(url, {"status": "lost"}, format="json").status_code == 400
    carlas_case.refresh_from_db()
    assert carlas_case.queue.name == "Orders"


def test_a_change_that_cannot_be_made_whole_changes_nothing(carlas_case, ana):
    before = (carlas_case.subject, carlas_case.priority)
    wanted = {"subject": "Another", "priority": 1, "owner": "00000000-0000-7000-8000-000000000000"}
    assert api_of(ana).patch(f"/api/v1/cases/{carlas_case.pk}/", wanted, format="json").status_code == 400
    carlas_case.refresh_from_db()
    assert (carlas_case.subject, carlas_case.priority) == before


@pytest.mark.parametrize("place", ["zzzz", "cD1hYmM=", "cD0wMDAxLTAxLTAxVDAwOjAwKzIzOjU5", "cD1hJTAwYg=="])
@pytest.mark.parametrize("url", LISTS)
def test_a_place_in_a_list_that_is_none_is_not_found(url, place, carlas_case, ana):
    assert api_of(ana).get(url, {"cursor": place}).status_code == 404


def test_nobody_changes_a_case_that_is_not_theirs(carlas_case, cleo):
    answer = api_of(cleo).patch(f"/api/v1/cases/{carlas_case.pk}/", {"status": "closed"}, format="json")
    assert answer.status_code == 404
    carlas_case.refresh_from_db()
    assert carlas_case.status == CaseStatus.NEW


def test_an_answer_over_rest_goes_to_whom_the_last_message_asks_for(paper, writes, ana):
    case = writes("carla@post.example", name="Carla Nyström", channel="paper").message.case
    answer = api_of(ana).post("/api/v1/messages/", {"case": str(case.pk), "text": "On its way.\n\nAna"}, format="json")
    assert answer.status_code == 201
    assert [line["address"] for line in answer.json()["to"]] == ["carla@post.example"]
    assert answer.json()["delivery"]["state"] == DeliveryState.QUEUED
    case.refresh_from_db()
    assert case.status == CaseStatus.WAITING_CUSTOMER


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "x"}, 400),
        ({"case": "nonsense", "text": "x"}, 400),
        ({"case": "00000000-0000-7000-8000-000000000000", "text": "x"}, 404),
        ({"case": ["a"], "text": {"a": 1}}, 400),
    ],
)
def test_an_answer_to_nothing_is_refused_and_nothing_is_written(body, code, ana):
    assert api_of(ana).post("/api/v1/messages/", body, format="json").status_code == code
    assert (Message.objects.count(), Delivery.objects.count()) == (0, 0)


def test_an_outsider_cannot_answer_or_note(paper, writes, cleo):
    case = writes("carla@post.example", channel="paper").message.case
    for kind in ("message", "note"):
        body = {"case": str(case.pk), "text": "hello", "kind": kind}
        assert api_of(cleo).post("/api/v1/messages/", body, format="json").status_code == 404
    assert case.messages.count() == 1


def test_the_schema_is_drawn_and_names_every_list(client, db):
    answer = client.get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    assert answer.status_code == 200
    for url in LISTS:
        assert url in answer.content.decode()
