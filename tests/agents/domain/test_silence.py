"""Who closes the browser is set away; who is there, and who only seems to be gone because we are deaf, is not."""

from datetime import timedelta

import pytest
from django.urls import reverse

from agents.domain.presence import current_presence, set_presence
from agents.domain.silence import LISTENING, SILENCE, hear, set_silent_away
from agents.enums import PresenceReason, PresenceStatus
from agents.models import Agent, Presence, SignOfLife
from foundation import bus, clock
from foundation.heartbeat import Heartbeat
from routing.enums import OfferOutcome
from routing.models import Offer
from tests.desktop.conftest import Desk
from tests.interactions.domain.test_receive import in_threads

pytestmark = pytest.mark.django_db
STEP = timedelta(seconds=20)


@pytest.fixture
def passes(tuesday):
    """`passes(SILENCE, ana)`: the time goes by with the watch awake, while a browser of `ana` is heard of."""

    def go_on(time: timedelta, *heard: Agent) -> int:
        until, away = clock.now() + time, 0
        while clock.now() < until:
            tuesday.advance(STEP)
            for agent in heard:
                hear(agent.pk)
            away += set_silent_away()
        return away

    return go_on


def state(agent: Agent) -> tuple[str, str]:
    presence = current_presence(agent)
    return presence.status, presence.reason


def test_who_is_heard_of_no_more_is_set_away_and_what_was_offered_goes_to_a_colleague(
    ana, ben, at_work, writes, passes
):
    at_work(ana)
    hear(ana.pk)
    passes(timedelta(minutes=1), ana)
    writes("carla@post.example")
    bus.drain()
    offer = Offer.objects.open().get(agent=ana)
    at_work(ben)

    assert passes(SILENCE + STEP, ben) == 1

    bus.drain()
    gone = current_presence(ana)
    assert (gone.status, gone.reason) == (PresenceStatus.AWAY, PresenceReason.CONNECTION_LOST)
    assert gone.started_at - SignOfLife.objects.get(agent=ana).seen_at <= SILENCE + STEP
    assert state(ben) == ("available", "")
    offer.refresh_from_db()
    assert offer.outcome == OfferOutcome.WITHDRAWN
    assert Offer.objects.open().get().agent == ben


def test_one_tab_of_several_is_enough_by_socket_or_by_polling(ana, ben, at_work, passes):
    at_work(ana, ben)
    desk = Desk()
    desk.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(4):
        assert desk.part(reverse("desktop:rail")).status_code == 200  # a hidden tab that polls but once a minute
        assert passes(timedelta(minutes=1), ben) == 0
    assert (state(ana), state(ben)) == (("available", ""), ("available", ""))


def test_simulated_colleagues_and_those_away_by_choice_are_left_alone(ana, ben, cleo, at_work, passes):
    Agent.objects.filter(pk=cleo.pk).update(simulated=True)
    at_work(ana, cleo)
    set_presence(ben, PresenceStatus.AWAY, PresenceReason.LUNCH)
    assert passes(3 * SILENCE, ana) == 0
    assert (state(cleo), state(ben)) == (("available", ""), ("away", "lunch"))


def test_nobody_is_set_away_while_it_is_we_who_hear_nobody(ana, ben, at_work, passes):
    at_work(ana, ben)
    passes(timedelta(minutes=2), ana, ben)
    assert passes(timedelta(minutes=20)) == 0  # pages and sockets were out of reach
    assert passes(SILENCE - STEP, ana) == 0  # Ana's browser found back first; Ben's has time to
    assert passes(2 * STEP, ana) == 1
    assert (state(ana), state(ben)) == (("available", ""), ("away", "connection_lost"))


@pytest.mark.parametrize("happened", ["the watch slept", "its rows were lost"])
def test_a_watch_that_slept_listens_anew_before_it_judges(ana, ben, at_work, passes, tuesday, happened):
    at_work(ana, ben)
    passes(timedelta(minutes=2), ana, ben)
    if happened == "the watch slept":
        tuesday.advance(timedelta(hours=1))
    else:
        tuesday.advance(LISTENING)
        Heartbeat.objects.all().delete()
    assert passes(SILENCE - STEP, ben) == 0
    assert state(ana) == ("available", "")
    assert passes(2 * STEP, ben) == 1


def test_who_comes_back_is_told_and_is_available_again_with_one_click(ana, at_work, passes, tuesday):
    at_work(ana)
    passes(2 * SILENCE)
    desk = Desk()
    desk.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    page = " ".join(desk.get(reverse("desktop:cases")).content.decode().split())
    assert "because the connection to your browser was lost." in page
    assert "Connection lost" in page
    desk.does(reverse("desktop:presence"), status="available")
    assert passes(SILENCE - STEP) == 0
    assert state(ana) == ("available", "")
    assert "set away" not in desk.part(reverse("desktop:away")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_watches_at_once_while_the_agent_chooses_lunch_leave_one_interval_after_another(ana, at_work):
    with clock.stopped_at(clock.now() - 2 * SILENCE):
        at_work(ana)
        hear(ana.pk)
        set_silent_away()
    Heartbeat.objects.filter(part="silence watch").update(beat_at=clock.now())

    def work(number: int) -> int:
        if number == 3:
            set_presence(ana, PresenceStatus.AWAY, PresenceReason.LUNCH)
            return 0
        if number == 4:
            hear(ana.pk)
            return 0
        return set_silent_away()

    set_away, errors = in_threads(6, work)

    assert errors == []
    rows = list(
        Presence.objects.filter(agent=ana).order_by("started_at", "created_at").values_list("reason", flat=True)
    )
    assert rows in (["", "lunch"], ["", "connection_lost", "lunch"])  # never away again over a choice
    assert sum(set_away) == len(rows) - 2
    assert Presence.objects.filter(agent=ana, ended_at=None).count() == 1
