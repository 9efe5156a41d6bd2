"""The box of the teams: who is there and what they have in hand, for the supervisor and nobody else."""

import pytest
from django.urls import reverse

from agents.domain.access import may_watch_team
from agents.domain.presence import set_presence
from agents.enums import PresenceReason, PresenceStatus
from agents.models import Team
from foundation import bus, streams
from interactions.domain.assign import assign
from interactions.domain.status import set_status
from interactions.enums import CaseStatus
from tests.people import make_agent

pytestmark = pytest.mark.django_db
CASES = reverse("desktop:cases")


def subjects(response) -> list[str]:
    return [line.subject for line in response.context["inbox"].lines]


def members(response) -> dict[str, list[tuple[str, str, int]]]:
    groups = response.context["inbox"].teams.groups
    return {one.name: [(m.face.name, m.presence.label, m.cases) for m in one.members] for one in groups}


@pytest.fixture
def returns_team(sol, cleo):
    """Another team, which Sol does not supervise yet."""
    team = Team.objects.create(name="Returns team")
    team.members.add(cleo)
    return team


@pytest.fixture
def in_hand(ana, ben, cleo, returns, writes):
    """Ana and Ben have a case each, Ana one of them finished, and Cleo one of another queue."""
    for subject, owner, queue in (
        ("Hers", ana, None),
        ("Done", ana, None),
        ("His", ben, None),
        ("Cleo's", cleo, returns),
    ):
        where = {"queue": queue.pk} if queue else {}
        case = writes(f"{subject.lower()[:3]}@post.example", subject=subject, **where).message.case
        assign(case.pk, owner)
        if subject == "Done":
            set_status(case.pk, CaseStatus.RESOLVED, agent=ana)


def test_a_supervisor_sees_who_is_there_and_what_each_has_in_hand(desk_of, sol, ana, in_hand, returns_team):
    set_presence(ana, PresenceStatus.AWAY, PresenceReason.LUNCH)
    page = desk_of(sol).get(CASES, {"box": "teams"})
    assert page.context["inbox"].title == "My teams"
    assert members(page) == {"Orders team": [("Ana Lindqvist", "Lunch", 1)]}
    assert subjects(page) == ["Hers"]  # Ben is in no team of Sol's, nor is Cleo
    assert [(item.label, item.count) for item in page.context["shell"].rail.items if item.box == "teams"] == [
        ("Teams", "1")
    ]
    assert subjects(desk_of(sol).get(CASES, {"box": "teams", "chip": "finished"})) == ["Done"]


def test_who_is_available_stands_first_and_who_is_not_there_last(desk_of, sol, ana, ben, cleo):
    Team.objects.get(name="Orders team").members.add(ben, cleo)
    set_presence(ben, PresenceStatus.AWAY, PresenceReason.LUNCH)
    set_presence(cleo, PresenceStatus.AVAILABLE)
    [group] = desk_of(sol).get(CASES, {"box": "teams"}).context["inbox"].teams.groups
    assert [line.face.name for line in group.members] == [cleo.name, ben.name, ana.name]
    assert ana.name < cleo.name


def test_a_team_and_a_member_are_chosen_by_the_address(desk_of, sol, ana, ben, cleo, in_hand, returns_team):
    returns_team.supervisors.add(sol)
    Team.objects.get(name="Orders team").members.add(ben)
    desk = desk_of(sol)
    page = desk.get(CASES, {"box": "teams"})
    assert list(members(page)) == ["Orders team", "Returns team"]
    assert subjects(page) == ["Cleo's", "His", "Hers"]
    choices = {name: url for name, url, _ in page.context["inbox"].teams.choices}
    assert subjects(desk.get(choices["Returns team"])) == ["Cleo's"]
    orders = desk.get(choices["Orders team"])
    assert subjects(orders) == ["His", "Hers"]
    bens = next(m for m in orders.context["inbox"].teams.groups[0].members if m.face.name == "Ben Okafor")
    narrowed = desk.get(bens.url, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{CASES}"})
    assert subjects(narrowed) == ["His"]
    assert f"member={ben.pk}" in narrowed.headers["HX-Push-Url"]
    assert desk.session["inbox"] == narrowed.context["inbox"].url
    assert subjects(desk.part(CASES, box="teams", team="x", member=str(sol.pk))) == ["Cleo's", "His", "Hers"]


@pytest.mark.parametrize("who", ["ana", "ada", "cleo with the role"])
def test_who_supervises_no_team_has_no_such_box_and_learns_nothing_by_its_address(
    desk_of, request, sol, cleo, in_hand, who
):
    if who == "cleo with the role":
        agent = cleo
        cleo.roles.add(*sol.roles.all())
    else:
        agent = request.getfixturevalue(who)
    team = Team.objects.get(name="Orders team")
    page = desk_of(agent).get(CASES, {"box": "teams", "team": str(team.pk)})
    assert page.context["inbox"].title == "My cases"
    assert page.context["inbox"].teams is None
    assert "Orders team" not in page.content.decode()
    assert "teams" not in [item.box for item in page.context["shell"].rail.items]
    assert not streams.may_listen(agent, f"team.{team.pk}")


def test_whose_role_was_taken_supervises_nobody(desk_of, sol, agent_role, in_hand):
    sol.roles.set([agent_role])
    sol.__dict__.pop("permissions", None)
    page = desk_of(sol).get(CASES, {"box": "teams"})
    assert page.context["inbox"].teams is None
    assert not may_watch_team(sol, str(Team.objects.get().pk))


def test_another_supervisor_sees_only_the_other_team(desk_of, sol, returns_team, in_hand):
    rita = make_agent("rita", sol.roles.get(), name="Rita Berg")
    returns_team.supervisors.add(rita)
    page = desk_of(rita).get(CASES, {"box": "teams", "team": str(Team.objects.get(name="Orders team").pk)})
    assert list(members(page)) == ["Returns team"]
    assert subjects(page) == ["Cleo's"]
    assert "Ana" not in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_members_presence_is_told_to_the_screens_of_the_supervisor(desk_of, sol, ana, ben):
    team = Team.objects.get(name="Orders team")
    names = [f"team.{team.pk}"]
    assert names[0] in desk_of(sol).get(CASES, {"box": "teams"}).context["inbox"].streams.split()
    bus.drain(raising=False)
    before = streams.latest(names)
    set_presence(ben, PresenceStatus.AVAILABLE)
    bus.drain(raising=False)
    assert streams.latest(names) == before
    set_presence(ana, PresenceStatus.AVAILABLE)
    bus.drain(raising=False)
    assert streams.latest(names) != before


def test_three_teams_members_and_cases_cost_as_many_queries_as_one(
    desk_of, sol, ana, agent_role, orders, writes, django_assert_num_queries
):
    def one_more(name):
        agent = make_agent(name, agent_role)
        orders.members.add(agent)
        team = Team.objects.create(name=f"{name}'s")
        team.members.add(agent)
        team.supervisors.add(sol)
        set_presence(agent, PresenceStatus.AVAILABLE)
        assign(writes(f"{name}@post.example", subject=name).message.case.pk, agent)

    Team.objects.all().delete()
    one_more("first")
    desk = desk_of(sol)
    desk.part(CASES, box="teams")
    with django_assert_num_queries(9):
        assert len(members(desk.part(CASES, box="teams"))) == 1
    one_more("second")
    one_more("third")
    with django_assert_num_queries(9):
        page = desk.part(CASES, box="teams")
    assert members(page)["third's"] == [("Third", "Available", 1)]
    assert subjects(page) == ["third", "second", "first"]
