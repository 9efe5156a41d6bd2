import pytest
from django.urls import reverse

from agents.models import Team
from interactions.domain.assign import assign
from interactions.models import Change
from tests.desktop.conftest import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def decide(at_anas_desk, carlas_case):
    def does(what, **data):
        response = at_anas_desk.does(reverse(f"desktop:{what}", args=[carlas_case.pk]), **data)
        carlas_case.refresh_from_db()
        return response

    return does


def test_status_priority_and_subject_change_and_the_regions_of_the_case_are_told(decide, carlas_case):
    response = decide("status", status="resolved")
    assert (response.status_code, carlas_case.status) == (204, "resolved")
    assert f"case.{carlas_case.pk}" in told(response, "changed")
    decide("priority", priority="4")
    assert carlas_case.priority == 4
    decide("subject", subject="  A   sofa ")
    assert carlas_case.subject == "A sofa"


def test_a_tag_comes_and_goes(decide, carlas_case, at_anas_desk):
    decide("tags", tag="Delivery")
    tag = carlas_case.tags.get()
    assert tag.name == "delivery"
    at_anas_desk.delete(reverse("desktop:tag", args=[carlas_case.pk, tag.pk]))
    assert not carlas_case.tags.exists()


def test_the_case_is_given_to_a_colleague_of_the_queue_and_taken_off_again(decide, carlas_case, ben):
    decide("assignment", owner=str(ben.pk))
    assert carlas_case.owner == ben
    decide("assignment", owner="")
    assert carlas_case.owner is None


def test_it_cannot_be_given_to_somebody_outside_the_queue(decide, carlas_case, cleo):
    response = decide("assignment", owner=str(cleo.pk))
    assert "may not have cases" in told(response, "toast")
    assert carlas_case.owner is None


def test_it_cannot_be_moved_to_a_queue_one_does_not_see(decide, carlas_case, orders, returns):
    decide("queue", queue=str(returns.pk))
    assert carlas_case.queue == orders


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("status", {"status": "lost"}),
        ("priority", {"priority": "9"}),
        ("subject", {"subject": ""}),
        ("tags", {"tag": ""}),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(decide, carlas_case, what, data):
    before = Change.objects.count()
    assert told(decide(what, **data), "toast")
    assert Change.objects.count() == before


def test_an_outsider_decides_nothing(desk_of, cleo, carlas_case, ana):
    assign(carlas_case.pk, ana)
    desk = desk_of(cleo)
    before = Change.objects.count()
    for what, data in (
        ("status", {"status": "resolved"}),
        ("priority", {"priority": "4"}),
        ("subject", {"subject": "Mine"}),
        ("tags", {"tag": "x"}),
        ("assignment", {"owner": str(cleo.pk)}),
        ("queue", {"queue": str(carlas_case.queue_id)}),
    ):
        assert desk.does(reverse(f"desktop:{what}", args=[carlas_case.pk]), **data).status_code == 404
    assert Change.objects.count() == before


def test_a_page_that_only_looks_changes_nothing(at_anas_desk, carlas_case):
    for what in ("status", "priority", "replies", "assignment"):
        assert at_anas_desk.get(reverse(f"desktop:{what}", args=[carlas_case.pk])).status_code == 405


def test_who_moves_a_case_away_from_its_owner_is_told(desk_of, sol, ana, cleo, carlas_case, returns):
    Team.objects.get(name="Orders team").members.add(cleo)
    assign(carlas_case.pk, ana)
    answer = desk_of(sol).does(reverse("desktop:queue", args=[carlas_case.pk]), queue=str(returns.pk))
    assert "Ana Lindqvist does not work there, so it has no owner." in told(answer, "toast")
    carlas_case.refresh_from_db()
    assert (carlas_case.queue, carlas_case.owner) == (returns, None)
    assert (
        "does not work in Returns" in desk_of(sol).get(reverse("desktop:case", args=[carlas_case.pk])).content.decode()
    )
