import random
from datetime import UTC, datetime, timedelta

from django.db.models import F, Q
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from agents.domain.presence import set_presence
from agents.enums import PresenceStatus
from agents.models import Agent, Presence
from customers.models import Customer, Identity
from foundation import clock
from interactions.domain.sla_clocks import ring
from interactions.enums import RESPONSES, CaseStatus, ChannelName, ClockKind, Direction
from interactions.models import Assignment, Case, Delivery, Message, SearchEntry, Segment, SlaClock, WaitingRecord
from simulator.models import Part, World
from simulator.world.load import load

A_MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MAILS = Message.objects.exclude(direction=Direction.INTERNAL)
SCRIPTS = {
    "Greek": ("Α", "ω"),
    "Cyrillic": ("А", "я"),
    "Chinese": ("一", "龥"),
    "Arabic": ("ا", "ي"),
    "Latin": ("A", "z"),
}


def test_loading_twice_is_loading_once(facts):
    def numbers():
        return [model.objects.count() for model in (Case, Message, Agent, Token, Customer, Presence, World)]

    before = numbers()
    assert load() == facts
    assert numbers() == before


def test_lost_passwords_are_made_anew_and_work(facts, settings):
    (settings.HOME / "sign_ins.json").unlink()
    again = load()
    assert again["users"]["agent"]["password"] != facts["users"]["agent"]["password"]
    ana = Agent.objects.get(username="ana")
    assert ana.check_password(again["users"]["agent"]["password"])
    assert not ana.check_password(facts["users"]["agent"]["password"])


def test_passwords_are_readable_by_their_owner_only(facts, settings):
    assert (settings.HOME / "sign_ins.json").stat().st_mode & 0o077 == 0


def test_every_row_of_the_past_fits_the_others(facts):
    answers = MAILS.filter(direction=Direction.OUTBOUND)
    assert Delivery.objects.filter(state="sent").count() == answers.count() <= Segment.objects.count()
    assert SearchEntry.objects.count() == Message.objects.count()
    assert not Segment.objects.filter(Q(ended_at__lte=F("accepted_at")) | Q(accepted_at__lt=F("offered_at"))).exists()
    assert not WaitingRecord.objects.filter(ended_at__lt=F("since")).exists()
    assert not Case.objects.filter(active_at__gt=clock.now()).exists()
    finished = Q(status__in=(CaseStatus.RESOLVED, CaseStatus.CLOSED))
    assert not Case.objects.filter(finished, finished_at=None).exists()
    assert not Case.objects.filter(~finished, finished_at__isnull=False).exists()
    owned = Case.objects.filter(owner__isnull=False)
    assert Assignment.objects.filter(ended_at=None, agent=F("case__owner")).count() == owned.count()
    assert not Message.objects.filter(author__in=Agent.objects.exclude(queues=F("messages__case__queue"))).exists()


def test_some_of_it_is_left_to_do(facts):
    ana = Agent.objects.get(username="ana")
    waiting = WaitingRecord.objects.filter(ended_at=None)
    assert waiting.count() >= 15
    assert not Case.objects.filter(status=CaseStatus.NEW, unanswered_since=None).exists()
    own = Case.objects.filter(owner=ana, status__in=(CaseStatus.WAITING_INSIDE, CaseStatus.WAITING_CUSTOMER))
    assert own.count() >= 4
    assert own.filter(unanswered_since__isnull=False).exists()


def test_who_signs_in_meets_nothing_that_comes_before_a_mail_just_written(facts):
    for printed in Agent.objects.filter(pk__in=Part.objects.filter(printed=True).values("agent")):
        for_them = WaitingRecord.objects.filter(ended_at=None, queue__members=printed)
        assert not for_them.filter(Q(named_agent=None) | Q(named_agent=printed)).exists()
        assert not Segment.objects.filter(agent=printed, ended_at=None).exists()


def test_it_knows_who_was_there_in_the_last_weeks_and_that_nobody_is_there_now(facts):
    begun = clock.now() - timedelta(weeks=4)
    past = Presence.objects.filter(status=PresenceStatus.AVAILABLE, started_at__gte=begun)
    assert past.values("agent").distinct().count() >= 25
    assert not Presence.objects.filter(ended_at=None).exclude(status=PresenceStatus.OFFLINE).exists()


def test_colleagues_left_present_by_a_killed_run_are_sent_home_and_people_are_not(facts):
    colleague = Agent.objects.filter(simulated=True).first()
    ana = Agent.objects.get(username="ana")
    set_presence(colleague, PresenceStatus.AVAILABLE)
    set_presence(ana, PresenceStatus.AVAILABLE)
    load()
    assert Presence.objects.get(agent=colleague, ended_at=None).status == PresenceStatus.OFFLINE
    assert Presence.objects.get(agent=ana, ended_at=None).status == PresenceStatus.AVAILABLE


def test_nothing_of_it_can_reach_somebody_real(facts):
    assert not Identity.objects.filter(kind="email").exclude(value__endswith=".example").exists()


def test_colleagues_cannot_sign_in_and_the_printed_are_not_simulated(facts):
    assert not any(agent.has_usable_password() for agent in Agent.objects.filter(simulated=True))
    assert not Part.objects.filter(printed=True, agent__simulated=True).exists()


def test_what_is_open_has_the_clocks_of_what_was_promised_and_late_ones_were_noticed_then(facts):
    unfinished = Case.objects.unfinished()
    solutions = SlaClock.objects.running().filter(kind=ClockKind.RESOLUTION)
    assert solutions.values("case").distinct().count() == unfinished.count() > 0
    unanswered = unfinished.filter(unanswered_since__isnull=False)
    answers = SlaClock.objects.running().filter(kind__in=RESPONSES)
    assert set(answers.values_list("case", flat=True)) == set(unanswered.values_list("pk", flat=True))
    assert ring() == 0  # nothing of the past rings when the demo begins
    assert set(SlaClock.objects.values_list("policy_name", flat=True)) <= {
        "Key accounts",
        "Business customers",
        "Everyone",
    }


def test_customers_prefer_channels_that_there_are(facts):
    preferred = set(Customer.objects.values_list("preferred_channel", flat=True).distinct())
    assert {"email", "voice"} < preferred <= {*ChannelName.values, ""}


def test_whoever_walks_through_it_meets_no_page_that_does_not_open(facts):
    desk = Client()
    desk.force_login(Agent.objects.get(username="admin"), backend="django.contrib.auth.backends.ModelBackend")
    chance = random.Random(7)
    cases = chance.sample(list(Case.objects.order_by("number").values_list("pk", flat=True)), 25)
    people = chance.sample(list(Customer.objects.order_by("created_at", "id").values_list("pk", flat=True)), 25)
    pages = [reverse("desktop:case", args=[case]) for case in cases]
    pages += [reverse("desktop:customer", args=[one]) for one in people]
    pages += [f"{reverse('desktop:cases')}?box={box}" for box in ("mine", "queues", "teams", "all")]
    part = {"HX-Request": "true"}  # without the list beside it, which is the same each time
    assert [page for page in pages if desk.get(page, headers=part).status_code != 200] == []
