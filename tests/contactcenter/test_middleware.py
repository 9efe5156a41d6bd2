import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from contactcenter.middleware import BehindProxies, TryAgainLater


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "127.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_address_is_the_one_our_outermost_proxy_saw(settings, proxies, forwarded, seen):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    answer = BehindProxies(lambda asked: HttpResponse(asked.META["REMOTE_ADDR"]))(request)
    assert answer.content.decode() == seen


def test_programs_are_told_in_json_that_there_is_nothing(client):
    for address in ("/api/v1/nothing/", "/api/v1/cases/48213/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
        assert answer.json() == {"detail": "There is nothing at this address."}
    page = client.get("/nothing/")
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_while_the_database_is_away_one_is_told_to_come_again():
    around = TryAgainLater(lambda _: HttpResponse())
    answer = around.process_exception(RequestFactory().get("/"), OperationalError("no connection"))
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert around.process_exception(RequestFactory().get("/"), KeyError("something else")) is None


def test_one_is_told_so_also_where_the_database_goes_away_while_it_is_asked_who_that_is(ana, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")

    def away(_: object) -> None:
        raise OperationalError("no connection")

    with monkeypatch.context() as gone:
        gone.setattr("django.contrib.auth.middleware.get_user", away)
        answer = client.get("/cases/")
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert client.get("/cases/").status_code == 200


def test_a_mistake_of_ours_is_still_one(client, monkeypatch):
    def broken(_: object) -> None:
        raise KeyError("ours")

    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.auth.middleware.get_user", broken)
    assert client.get("/cases/").status_code == 500


def test_a_form_in_letters_that_nobody_can_read_is_the_senders_mistake_and_no_crash(db):
    kind = "application/x-www-form-urlencoded; charset=utf-7"
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    answer = client.post("/accounts/login/", b"login=ana", content_type=kind)
    assert answer.status_code == 400
    assert "cannot be read" in answer.content.decode()
