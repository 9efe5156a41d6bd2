import pytest

from agents.enums import Permission
from customers.domain.merge import members
from customers.models import Customer, Merge
from tests.api_client import api_of
from tests.interactions.domain.test_receive import in_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def merger(ana, agent_role):
    agent_role.permissions = [*agent_role.permissions, Permission.MERGE_CUSTOMERS]
    agent_role.save()
    return api_of(ana)


def post(client, customer, into, **more):
    return client.post("/api/v1/merges/", {"customer": customer.pk, "into": into.pk, **more}, format="json")


def test_two_become_one_and_said_again_they_still_are(carla, dev, ana, merger):
    first = post(merger, dev, carla, sides={"language": "take"}, evidence="The same account")
    again, turned = post(merger, dev, carla), post(merger, carla, dev)
    assert (first.status_code, again.status_code, turned.status_code) == (201, 200, 200)
    assert first.json() == again.json() == turned.json()
    assert (first.json()["source"], first.json()["target"]) == (str(dev.pk), str(carla.pk))
    assert (first.json()["agent"], first.json()["evidence"]) == (str(ana.pk), "The same account")
    assert members(dev.pk) == [carla.pk, dev.pk]
    assert Merge.objects.count() == 1


def test_a_merge_is_taken_back_once_and_can_be_made_again(carla, dev, merger):
    made = post(merger, dev, carla).json()
    first = merger.post(f"/api/v1/merges/{made['id']}/undo/")
    again = merger.post(f"/api/v1/merges/{made['id']}/undo/")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["undone_at"]
    assert members(dev.pk) == [dev.pk]
    anew = post(merger, dev, carla)
    assert anew.status_code == 201
    assert anew.json()["id"] != made["id"]


def test_without_the_permission_there_is_nothing_to_merge_or_take_back(carla, dev, ana, merger, agent_role):
    made = post(merger, dev, carla).json()
    agent_role.permissions = [Permission.WORK_CASES, Permission.EDIT_CUSTOMERS]
    agent_role.save()
    assert post(api_of(ana), dev, carla).status_code == 404
    assert merger.post(f"/api/v1/merges/{made['id']}/undo/").status_code == 404
    agent_role.permissions = [Permission.WORK_CASES, Permission.MERGE_CUSTOMERS]  # as on the screen: undoing edits
    agent_role.save()
    assert merger.post(f"/api/v1/merges/{made['id']}/undo/").status_code == 404
    assert Merge.objects.get().undone_at is None
    agent_role.permissions = []
    agent_role.save()
    assert merger.get("/api/v1/merges/").json()["results"] == []
    assert merger.get(f"/api/v1/merges/{made['id']}/").status_code == 404


def test_what_cannot_be_merged_is_refused_and_changes_nothing(carla, dev, merger):
    assert post(merger, carla, carla).status_code == 400
    assert post(merger, dev, carla, sides={"phone": "take"}).status_code == 400
    assert post(merger, dev, carla, sides={"name": "mine"}).status_code == 400
    assert merger.post("/api/v1/merges/", {"customer": str(dev.pk)}, format="json").status_code == 400
    unknown = {"customer": "00000000-0000-7000-8000-000000000000", "into": str(carla.pk)}
    assert merger.post("/api/v1/merges/", unknown, format="json").status_code == 404
    assert merger.post("/api/v1/merges/00000000-0000-7000-8000-000000000000/undo/").status_code == 404
    assert not Merge.objects.exists()
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_merges_are_listed_by_customer_in_as_many_queries_for_three_as_for_one(
    carla, dev, merger, django_assert_num_queries
):
    others = [Customer.objects.create(name=f"Bo {number}") for number in range(2)]
    post(merger, dev, carla)
    with django_assert_num_queries(4):
        assert merger.get("/api/v1/merges/").json()["count"] == 1
    for other in others:
        post(merger, other, carla)
    with django_assert_num_queries(4):
        assert merger.get("/api/v1/merges/").json()["count"] == 3
    assert [row["source"] for row in merger.get("/api/v1/merges/", {"customer": dev.pk}).json()["results"]] == [
        str(dev.pk)
    ]
    assert merger.get("/api/v1/merges/", {"customer": "somebody"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_said_by_two_at_the_same_moment_it_is_one_merge(carla, dev, merger):
    answers, errors = in_threads(2, lambda _: post(merger, dev, carla))
    assert errors == []
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    merge = Merge.objects.get()
    answers, errors = in_threads(2, lambda _: merger.post(f"/api/v1/merges/{merge.pk}/undo/"))
    assert errors == []
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["undone_at"] for answer in answers}) == 1
