import pytest
from django.urls import reverse

from agents.domain.presence import current_presence
from tests.desktop.conftest import told

pytestmark = pytest.mark.django_db


def test_presence_is_set_with_its_reason_and_the_rail_is_told(at_anas_desk, ana):
    response = at_anas_desk.does(reverse("desktop:presence"), status="away", reason="lunch")
    assert told(response, "changed") == f"agent.{ana.pk}"
    assert (current_presence(ana).status, current_presence(ana).reason) == ("away", "lunch")
    assert at_anas_desk.get(reverse("desktop:cases")).context["shell"].rail.presence.label == "Lunch"
    at_anas_desk.does(reverse("desktop:presence"), status="available", reason="lunch")
    assert (current_presence(ana).status, current_presence(ana).reason) == ("available", "")


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
    assert reverse("admin:index") not in at_anas_desk.get(reverse("desktop:cases")).content.decode()
    assert reverse("admin:index") in desk_of(ada).get(reverse("desktop:cases")).content.decode()
