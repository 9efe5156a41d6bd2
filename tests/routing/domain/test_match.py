"""The rule of turns, for every crew one can think of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from routing.domain.match import REST, Candidate, Choice, Grounds, Request, choose

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
SKILLS = [UUID(int=number) for number in range(3)]
AGENTS = [UUID(int=100 + number) for number in range(6)]

minutes = st.integers(0, 600).map(lambda number: timedelta(minutes=number))
skills = st.frozensets(st.sampled_from(SKILLS))
candidates = st.builds(
    Candidate,
    agent=st.sampled_from(AGENTS),
    load=st.integers(0, 3),
    limit=st.integers(0, 3),
    offered=st.booleans(),
    skills=skills,
    received=st.integers(0, 30),
    available=minutes,
    idle_since=minutes.map(lambda ago: NOW - ago),
    refused_at=st.none() | minutes.map(lambda ago: NOW - ago),
)
crews = st.lists(candidates, unique_by=lambda each: each.agent, max_size=6)
requests = st.builds(
    Request,
    needs=skills,
    named=st.none() | st.sampled_from(AGENTS),
    named_until=st.none() | minutes.map(lambda ahead: NOW - timedelta(minutes=300) + ahead),
)


@given(requests, crews)
def test_who_is_chosen_is_fit_and_free(request, crew):
    choice = choose(request, crew, NOW)

    if choice is not None:
        chosen = choice.agent
        assert chosen in crew
        assert chosen.load < chosen.limit
        assert not chosen.offered
        assert request.needs <= chosen.skills
        assert chosen.refused_at is None or NOW - chosen.refused_at >= REST


@given(requests, crews)
def test_nobody_is_passed_over_without_a_reason(request, crew):
    """Nobody is chosen only when there is nobody free and fit who has not refused, or the hold is for another."""
    willing = [each for each in crew if each.is_free and request.needs <= each.skills and each.refused_at is None]
    if choose(request, crew, NOW) is None:
        assert not willing or (request.is_held(NOW) and request.named not in {each.agent for each in willing})


@given(requests, crews)
def test_a_hold_is_for_the_named_agent_alone_and_the_named_agent_always_comes_first(request, crew):
    choice = choose(request, crew, NOW)

    if choice is None:
        return
    if request.is_held(NOW):
        assert choice.agent.agent == request.named
    if request.named in {each.agent for each in choice.free}:
        assert (choice.agent.agent, choice.grounds) == (request.named, Grounds.NAMED)


@given(st.builds(Request, needs=skills), crews)
def test_no_other_free_agent_has_a_smaller_share_or_the_same_and_been_idle_longer(request, crew):
    choice = choose(request, crew, NOW)

    if choice is not None:
        for other in choice.free:
            assert choice.agent.share <= other.share
            if other.share == choice.agent.share:
                assert choice.agent.idle_since <= other.idle_since


@given(requests, crews, st.randoms(use_true_random=False))
def test_the_order_in_which_agents_are_read_does_not_matter(request, crew, random):
    shuffled = list(crew)
    random.shuffle(shuffled)

    assert _agent(choose(request, crew, NOW)) == _agent(choose(request, shuffled, NOW))


@given(crews)
def test_who_refused_is_left_out_while_another_is_there_even_a_busy_one(crew):
    choice = choose(Request(), crew, NOW)

    if choice is not None and choice.agent.refused_at is not None:
        assert all(each.refused_at is not None for each in crew)


@given(st.integers(2, 5), st.integers(1, 60))
def test_agents_with_the_same_hours_share_with_a_difference_of_one(agents, mails):
    crew = [
        Candidate(agent=AGENTS[n], load=0, limit=1, available=timedelta(hours=2), idle_since=NOW) for n in range(agents)
    ]
    for _ in range(mails):
        chosen = choose(Request(), crew, NOW).agent
        crew = [replace(each, received=each.received + 1) if each is chosen else each for each in crew]

    counts = [each.received for each in crew]
    assert sum(counts) == mails
    assert max(counts) - min(counts) <= 1


def test_one_who_has_just_come_gets_neither_everything_nor_nothing():
    """Ana has had eight in four hours; Ben comes at noon. He catches up by two and then takes turns with her."""
    ana = Candidate(agent=AGENTS[0], load=0, limit=9, received=8, available=timedelta(hours=4), idle_since=NOW)
    ben = Candidate(agent=AGENTS[1], load=0, limit=9, received=0, available=timedelta(0), idle_since=NOW)
    order = []
    for _ in range(6):
        chosen = choose(Request(), [ana, ben], NOW).agent
        if chosen is ana:
            ana = replace(ana, received=ana.received + 1)
            order.append("ana")
        else:
            ben = replace(ben, received=ben.received + 1)
            order.append("ben")

    assert order[:2] == ["ben", "ben"]
    assert "ana" in order[2:4]


def _agent(choice: Choice | None) -> UUID | None:
    return choice.agent.agent if choice else None
