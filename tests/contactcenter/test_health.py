import pytest
from django.db import connection
from django.test import Client

from channels_email.models import Mailbox
from contactcenter.local.ports import any_free

pytestmark = pytest.mark.django_db


def test_the_process_says_that_it_is_alive_without_asking_anything(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"alive\n")


def test_ready_when_database_migrations_and_valkey_are_there(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "away": []})


def test_not_ready_while_valkey_is_away_and_says_so(client, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{any_free()}/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "away": ["valkey"]})


def test_not_ready_while_a_migration_waits(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["away"]) == (503, ["migrations"])


def test_figures_for_this_machine(client):
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"django_http_requests_total" in answer.content


@pytest.mark.parametrize(
    "stranger", [{"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}]
)
def test_no_figures_for_strangers_even_through_a_proxy_on_this_machine(stranger, settings):
    settings.METRICS_TOKEN = "a-long-token"
    answer = Client().get("/metrics", **stranger)
    assert (answer.status_code, answer.content) == (404, b"")
    answer = Client().get("/metrics", HTTP_AUTHORIZATION="Bearer wrong", **stranger)
    assert (answer.status_code, answer.content) == (404, b"")
    assert Client().get("/metrics", HTTP_AUTHORIZATION="Bearer a-long-token", **stranger).status_code == 200


def test_an_unset_token_opens_nothing(settings):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", HTTP_AUTHORIZATION="Bearer ", REMOTE_ADDR="203.0.113.9").status_code == 404


def test_what_has_stopped_is_told_to_machines_and_to_no_stranger(client, orders):
    assert client.get("/alarms").json() == {"alarms": {}}
    assert b'contactcenter_alarm{name="mail_listener"} 0' in client.get("/metrics").content
    Mailbox.objects.create(address="support@nordhem.example", queue=orders)
    told = client.get("/alarms")
    assert (told.status_code, list(told.json()["alarms"])) == (503, ["mail_listener"])
    assert b'contactcenter_alarm{name="mail_listener"} 1' in client.get("/metrics").content
    assert client.get("/alarms", REMOTE_ADDR="203.0.113.9").status_code == 404
