import pytest
from django.urls import reverse

from customers.domain.claim import claim
from customers.domain.edit import change_customer, verify_identity
from customers.domain.merge import members, merge
from customers.models import Claim, Identity, Merge
from foundation import bus
from interactions.models import Case
from tests.api_client import api_of
from tests.desktop.conftest import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_sols_desk(desk_of, sol):
    return desk_of(sol)


@pytest.fixture
def devs_address(dev, sol) -> Identity:
    identity = Identity.objects.get(value="dev@mail.example")
    verify_identity(dev.pk, identity.pk, "answered a code", agent=sol.pk)
    return identity


def panel_of(desk, customer, **query):
    return desk.part(reverse("desktop:customer", args=[customer.pk]), **query).context["customer"]


def test_an_agent_says_the_address_is_theirs_too_and_the_supervisor_is_asked(
    at_anas_desk, at_sols_desk, carla, dev, devs_address
):
    add = reverse("desktop:identities", args=[carla.pk])
    refused = at_anas_desk.does(add, kind="email", address="dev@mail.example")
    assert "It is surely theirs too" in refused.content.decode()
    assert not Claim.objects.exists()
    at_anas_desk.does(add, kind="email", address="dev@mail.example", theirs_too="yes")
    asked = panel_of(at_sols_desk, dev).same_person
    assert (asked.name, asked.evidence) == ("Carla Nyström", ["dev@mail.example: Confirmed by Ana Lindqvist"])
    hers = at_anas_desk.part(reverse("desktop:customer", args=[carla.pk]))
    assert "Your supervisor may merge them" in hers.content.decode()
    page = at_sols_desk.get(asked.compare_url)
    assert "dev@mail.example: Confirmed by Ana Lindqvist" in page.content.decode()


def test_two_are_merged_on_their_page_and_the_case_shows_one(at_sols_desk, ana, carla, dev, carlas_case, writes):
    devs_case = writes("dev@mail.example", "From work").message.case
    change_customer(dev.pk, {"language": "sv"}, agent=ana.pk)
    page = at_sols_desk.get(
        reverse("desktop:merges", args=[carla.pk]), {"with": str(dev.pk), "case": str(carlas_case.pk)}
    )
    view = page.context["comparison"]
    assert (view.kept.name, view.merged.name) == ("Carla Nyström", "Dev Patel")  # the older record stays
    assert {choice.name: choice.chosen for choice in view.choices}["language"] == "take"
    done = at_sols_desk.post(view.url, {"merged": dev.pk, "language": "take", "case": carlas_case.pk})
    assert done.headers["Location"] == reverse("desktop:case", args=[carlas_case.pk])
    carla.refresh_from_db()
    assert carla.language == "sv"
    shown = at_sols_desk.get(reverse("desktop:case", args=[devs_case.pk])).context
    assert shown["customer"].name == "Carla Nyström"
    assert {one.address for one in shown["customer"].identities} == {"carla@post.example", "dev@mail.example"}
    assert [one.number for one in shown["customer"].past] == [carlas_case.number]
    assert shown["timeline"].streams.endswith(f"customer.{carla.pk}")
    inbox = at_sols_desk.part(reverse("desktop:cases"), box="all").context["inbox"]
    assert {line.name for line in inbox.lines} == {"Carla Nyström"}


def test_the_other_one_may_stay_instead(at_sols_desk, carla, dev):
    address = reverse("desktop:merges", args=[carla.pk])
    view = at_sols_desk.get(address, {"with": str(dev.pk)}).context["comparison"]
    swapped = at_sols_desk.get(view.merged.keep_url).context["comparison"]
    assert swapped.kept.id == dev.pk
    at_sols_desk.post(swapped.url, {"merged": carla.pk})
    assert members(carla.pk) == [dev.pk, carla.pk]


def test_the_merge_stands_in_the_trail_and_is_taken_back_there(at_sols_desk, carla, dev, sol):
    merge(dev.pk, carla.pk, agent=sol.pk)
    line = at_sols_desk.get(reverse("desktop:customer_trail", args=[carla.pk])).context["trail"]
    (line,) = [each for each in line if each.words == "Merged with"]
    assert (line.after, line.who) == ("Dev Patel", "Sol Ferreira")
    assert told(at_sols_desk.does(line.undo_url), "toast") == "Taken back."
    assert members(carla.pk) == [carla.pk]
    assert "no such change" in told(at_sols_desk.does(line.undo_url), "toast") or "already" in told(
        at_sols_desk.does(line.undo_url), "toast"
    )


def test_merging_what_is_one_already_says_so_and_changes_nothing(at_sols_desk, carla, dev, sol):
    merge(dev.pk, carla.pk, agent=sol.pk)
    answer = at_sols_desk.post(reverse("desktop:merges", args=[carla.pk]), {"merged": dev.pk}, follow=True)
    assert "one customer already" in answer.content.decode()
    assert Merge.objects.count() == 1


def test_two_people_are_not_asked_about_again(at_sols_desk, carla, dev, devs_address, ana):
    claim(carla.pk, devs_address, source="Confirmed by Ana", verified=True, agent=ana.pk)
    asked = panel_of(at_sols_desk, carla).same_person
    told(at_sols_desk.does(asked.dismiss_url), "toast")
    assert panel_of(at_sols_desk, carla).same_person is None
    assert not Merge.objects.exists()


def test_who_may_not_merge_finds_no_way_to_it(at_anas_desk, at_sols_desk, carla, dev, sol, devs_address):
    claim(carla.pk, devs_address, source="Confirmed by Ana", verified=True)
    address = reverse("desktop:merges", args=[carla.pk])
    assert at_anas_desk.get(address, {"with": str(dev.pk)}).status_code == 404
    assert at_anas_desk.post(address, {"merged": dev.pk}).status_code == 404
    assert at_anas_desk.does(reverse("desktop:dismissal", args=[carla.pk, dev.pk])).status_code == 404
    assert not Merge.objects.exists()
    assert Claim.objects.filter(dismissed_at=None).count() == 1
    row = merge(dev.pk, carla.pk, agent=sol.pk)
    trail = at_anas_desk.get(reverse("desktop:customer_trail", args=[carla.pk])).context["trail"]
    assert [line.undo_url for line in trail if line.words == "Merged with"] == [""]
    undo = reverse("desktop:customer_undo", args=[carla.pk, f"merge:{row.pk}"])
    assert at_anas_desk.does(undo).status_code == 404
    assert members(carla.pk) == [carla.pk, dev.pk]


def test_the_other_record_is_found_by_a_part_of_its_address(at_sols_desk, carla, dev):
    page = at_sols_desk.get(reverse("desktop:merges", args=[carla.pk]), {"q": "dev@"})
    assert [line.name for line in page.context["lines"]] == ["Dev Patel"]
    own = at_sols_desk.get(reverse("desktop:merges", args=[carla.pk]), {"q": "carla@"})
    assert own.context["lines"] == []


def test_a_page_of_the_merged_one_follows_a_message_and_the_undoing(at_sols_desk, carla, dev, sol, writes, monkeypatch):
    row = merge(dev.pk, carla.pk, agent=sol.pk)
    signalled: list[str] = []
    monkeypatch.setattr("desktop.receivers.signal", lambda *streams: signalled.extend(streams))
    case = writes("dev@mail.example", "Hello").message.case
    bus.drain(raising=False)
    assert f"customer.{carla.pk}" in signalled
    undo = reverse("desktop:customer_undo", args=[carla.pk, f"merge:{row.pk}"])
    at_sols_desk.does(undo)
    bus.drain(raising=False)
    assert {f"customer.{carla.pk}", f"customer.{dev.pk}"} <= set(signalled)
    assert panel_of(at_sols_desk, carla, case=str(case.pk)).id == dev.pk  # refreshed where the root's panel stood


def test_the_cases_on_a_customers_page_follow_the_undoing(at_sols_desk, carla, dev, sol, carlas_case, writes):
    devs = writes("dev@mail.example", "From work").message.case
    row = merge(dev.pk, carla.pk, agent=sol.pk)
    page = at_sols_desk.get(reverse("desktop:customer", args=[carla.pk]))
    assert {line.number for line in page.context["lines"]} == {carlas_case.number, devs.number}
    region = page.context["person"]
    answer = at_sols_desk.does(reverse("desktop:customer_undo", args=[carla.pk, f"merge:{row.pk}"]))
    assert told(answer, "changed") in region.streams.split()
    assert f'data-stream="{region.streams}" hx-get="{region.cases_url}"' in page.content.decode()
    assert [line.number for line in at_sols_desk.part(region.cases_url).context["lines"]] == [carlas_case.number]


def test_the_region_of_a_customers_cases_shows_only_those_one_may_see(desk_of, cleo, carla, carlas_case):
    region = desk_of(cleo).part(reverse("desktop:customer_cases", args=[carla.pk]))
    assert region.context["lines"] == []
    assert "My order" not in region.content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_customers_costs_the_same_for_one_and_for_three(
    at_sols_desk, writes, people, django_assert_max_num_queries
):
    for number in range(people):
        writes(f"guest{number}@post.example")
    with django_assert_max_num_queries(8):
        page = at_sols_desk.part(reverse("desktop:customers"))
    assert len(page.context["lines"]) == people
    assert page.context["lines"][0].name == f"guest{people - 1}@post.example"


def test_a_customer_has_a_page_with_the_cases_one_may_see(desk_of, cleo, at_anas_desk, carla, carlas_case):
    page = at_anas_desk.get(reverse("desktop:customer", args=[carla.pk]))
    assert [line.number for line in page.context["lines"]] == [carlas_case.number]
    outsider = desk_of(cleo).get(reverse("desktop:customer", args=[carla.pk]))
    assert outsider.context["lines"] == []
    assert "My order" not in outsider.content.decode()


def test_the_rest_api_reads_members_as_one(ana, sol, carla, dev, writes):
    writes("dev@mail.example", "From work")
    merge(dev.pk, carla.pk, agent=sol.pk)
    client = api_of(ana)
    (one,) = client.get("/api/v1/customers/").json()["results"]
    assert {line["address"] for line in one["identities"]} == {"carla@post.example", "dev@mail.example"}
    assert client.get(f"/api/v1/customers/{dev.pk}/").json()["merged_into"] == str(carla.pk)
    for key in (carla.pk, dev.pk):
        assert client.get(f"/api/v1/cases/?customer={key}").json()["count"] == 1
        assert client.get(f"/api/v1/messages/?customer={key}").json()["count"] == 1
    assert client.post("/api/v1/customers/", {"kind": "email", "address": "dev@mail.example"}).json()["id"] == str(
        carla.pk
    )
    assert Case.objects.get().customer == dev
