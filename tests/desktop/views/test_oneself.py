import pytest
from django.urls import reverse

from agents.domain.presence import current_presence, set_presence
from agents.enums import PresenceReason, PresenceStatus
from foundation import bus
from routing.domain.sweep import sweep
from tests.desktop.conftest import told
from tests.people import minutes

pytestmark = pytest.mark.django_db


def test_presence_is_set_with_its_reason_and_the_rail_is_told(at_anas_desk, ana):
    response = at_anas_desk.does(reverse("desktop:presence"), status="away", reason="lunch")
    assert told(response, "changed") == f"agent.{ana.pk}"
    assert (current_presence(ana).status, current_presence(ana).reason) == ("away", "lunch")
    assert at_anas_desk.get(reverse("desktop:cases")).context["shell"].rail.presence.label == "Lunch"
    at_anas_desk.does(reverse("desktop:presence"), status="available", reason="lunch")
    assert (current_presence(ana).status, current_presence(ana).reason) == ("available", "")


@pytest.fixture
def two_offers_missed(tuesday, at_work, ana, writes):
    """Ana left her desk; at 10:01 in Stockholm two offers had run out before her."""
    at_work(ana)
    for number in range(2):
        writes(f"guest{number}@post.example")
    for _ in range(2):
        bus.drain()
        tuesday.advance(minutes(0.5))
        sweep()


def test_who_was_set_away_is_told_when_and_why_above_every_screen(two_offers_missed, at_anas_desk, ana, carlas_case):
    ana.time_zone = "Europe/Stockholm"
    ana.save()
    for address in (reverse("desktop:cases"), reverse("desktop:case", args=[carlas_case.pk]), reverse("desktop:away")):
        page = " ".join(at_anas_desk.get(address).content.decode().split())
        assert 'You were set away <time datetime="2026-03-10T09:01:00+00:00"' in page
        assert ">at 10:01</time> because two offers went unanswered." in page
    rail = at_anas_desk.get(reverse("desktop:rail")).content.decode()
    assert '<span class="rail-state">Did not answer an offer</span>' in rail


def test_the_notice_makes_its_reader_available_and_is_gone(two_offers_missed, at_anas_desk, ana):
    answer = at_anas_desk.does(reverse("desktop:presence"), status="available")
    assert told(answer, "changed") == f"agent.{ana.pk}"
    assert current_presence(ana).status == "available"
    assert "set away" not in at_anas_desk.part(reverse("desktop:away")).content.decode()


def test_who_chose_to_be_away_is_told_nothing(at_anas_desk, desk_of, ana, ben, at_work):
    set_presence(ana, PresenceStatus.AWAY, PresenceReason.LUNCH)
    set_presence(ben, PresenceStatus.AWAY, PresenceReason.NOT_RESPONDING)
    assert "set away" not in at_anas_desk.get(reverse("desktop:cases")).content.decode()
    assert "set away" in desk_of(ben).get(reverse("desktop:cases")).content.decode()


@pytest.mark.parametrize(("days", "words"), [(0, "at 10:00"), (1, "yesterday at 10:00"), (3, "on 10 Mar at 10:00")])
def test_the_notice_names_the_day_when_it_was_not_today(tuesday, at_anas_desk, ana, days, words):
    ana.time_zone = "Europe/Stockholm"
    ana.save()
    set_presence(ana, PresenceStatus.AWAY, PresenceReason.NOT_RESPONDING)
    tuesday.advance(minutes(days * 24 * 60))
    assert f">{words}</time>" in at_anas_desk.get(reverse("desktop:away")).content.decode()


def test_who_signs_out_is_offline(at_anas_desk, ana, at_work):
    at_work(ana)
    at_anas_desk.post(reverse("account_logout"))
    assert current_presence(ana).status == "offline"
    assert at_anas_desk.get(reverse("desktop:cases")).status_code == 302


def test_a_presence_that_does_not_exist_changes_nothing(at_anas_desk, ana):
    assert told(at_anas_desk.does(reverse("desktop:presence"), status="asleep"), "toast")
    assert current_presence(ana) is None


def test_preferences_are_kept_and_show_at_once(at_anas_desk, ana):
    form = {"name": "Ana L", "job_title": "", "time_zone": "Asia/Tokyo", "theme": "dark", "density": "compact"}
    saved = at_anas_desk.post(reverse("desktop:settings"), form, follow=True)
    page = saved.content.decode()
    assert 'data-bs-theme="dark"' in page
    assert 'data-density="compact"' in page
    ana.refresh_from_db()
    assert (ana.name, ana.time_zone) == ("Ana L", "Asia/Tokyo")


def test_a_time_zone_that_does_not_exist_is_refused(at_anas_desk, ana):
    form = {"name": "Ana", "time_zone": "Mars/Base", "theme": "", "density": "compact"}
    assert at_anas_desk.post(reverse("desktop:settings"), form).status_code == 422
    ana.refresh_from_db()
    assert (ana.time_zone, ana.density) == ("UTC", "comfortable")


def test_nobody_makes_themselves_an_administrator_here(at_anas_desk, ana):
    form = {
        "name": "Ana",
        "time_zone": "UTC",
        "theme": "",
        "density": "compact",
        "roles": "1",
        "is_active": "",
        "username": "x",
    }
    at_anas_desk.post(reverse("desktop:settings"), form)
    ana.refresh_from_db()
    assert (ana.username, ana.is_active, ana.roles.count()) == ("ana", True, 1)


def test_times_are_the_agents_own(tuesday, at_anas_desk, ana, carlas_case):
    ana.time_zone = "Asia/Tokyo"
    ana.save()
    page = at_anas_desk.get(reverse("desktop:case", args=[carlas_case.pk])).content.decode()
    assert ">18:00</time>" in page  # nine in UTC


def test_administration_is_linked_for_administrators_only(at_anas_desk, desk_of, ada):
    assert reverse("desktop:mail_in") not in at_anas_desk.get(reverse("desktop:cases")).content.decode()
    assert reverse("desktop:mail_in") in desk_of(ada).get(reverse("desktop:cases")).content.decode()
