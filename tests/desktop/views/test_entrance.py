import pytest
from django.urls import reverse

from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("account_login")


@pytest.fixture
def try_to_sign_in(client, ana, settings):
    settings.AXES_ENABLED = True
    return lambda password: client.post(SIGN_IN, {"login": "ana", "password": password})


def test_the_right_password_leads_to_the_desktop(try_to_sign_in):
    assert try_to_sign_in(PASSWORD).headers["Location"] == "/"


def test_a_wrong_one_does_not_and_says_so(try_to_sign_in, client):
    page = try_to_sign_in("wrong")
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert client.get(reverse("desktop:cases")).status_code == 302


def test_after_five_wrong_ones_the_door_is_closed_also_for_the_right_one(try_to_sign_in, client):
    for _ in range(5):
        locked = try_to_sign_in("wrong")
    assert locked.status_code == 429
    assert "Locked for a while" in locked.content.decode()
    assert "15 minutes" in locked.content.decode()
    assert try_to_sign_in(PASSWORD).status_code == 429
    assert try_to_sign_in("wrong").status_code == 429
    assert client.get(reverse("desktop:cases")).status_code == 302


def test_who_guesses_many_names_is_answered_429(client, ana, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "2/m/ip"}
    answers = [client.post(SIGN_IN, {"login": f"name{n}", "password": "wrong"}) for n in range(4)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert "Too many failed login attempts" in answers[-1].content.decode()


def test_nobody_makes_an_account_for_themselves(client):
    page = client.get(reverse("account_signup")).content.decode()
    assert 'name="password1"' not in page
