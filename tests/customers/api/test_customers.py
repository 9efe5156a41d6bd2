import pytest

from customers.domain.history import history
from customers.models import Customer
from tests.api_client import api_of

pytestmark = pytest.mark.django_db


def test_an_address_is_identified_once(ana):
    client = api_of(ana)
    body = {"address": "New@Post.example", "name": "New Person"}
    first = client.post("/api/v1/customers/", body, format="json")
    again = client.post("/api/v1/customers/", {"address": "new@post.example"}, format="json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["identities"][0]["address"] == "New@Post.example"


def test_an_address_that_is_none_is_refused(ana):
    assert api_of(ana).post("/api/v1/customers/", {"address": "nowhere"}, format="json").status_code == 400
    assert not Customer.objects.exists()


def test_a_correction_leaves_a_trail(carla, ana):
    answer = api_of(ana).patch(f"/api/v1/customers/{carla.pk}/", {"language": "sv"}, format="json")
    assert answer.json()["language"] == "sv"
    assert history(carla.pk)[0].agent == ana.pk


def test_what_may_not_be_set_is_not(carla, dev, ana):
    api_of(ana).patch(f"/api/v1/customers/{carla.pk}/", {"merged_into": str(dev.pk), "id": str(dev.pk)}, format="json")
    carla.refresh_from_db()
    assert carla.merged_into is None


def test_without_the_permission_nothing_is_corrected(carla, ana, agent_role):
    agent_role.permissions = ["cases.work"]
    agent_role.save()
    answer = api_of(ana).patch(f"/api/v1/customers/{carla.pk}/", {"language": "sv"}, format="json")
    assert answer.status_code == 404
    carla.refresh_from_db()
    assert carla.language == ""


def test_search_finds_by_part_of_name_and_address(carla, dev, ana):
    for words in ("nyström", "carla@post", "CARLA"):
        found = api_of(ana).get("/api/v1/customers/", {"search": words}).json()
        assert [row["name"] for row in found["results"]] == ["Carla Nyström"]
