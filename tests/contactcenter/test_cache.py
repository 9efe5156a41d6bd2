"""Valkey may be away at any moment: pages go on as if the cache were empty, and quickly."""

from time import monotonic

import pytest
from celery import current_app
from django.core.cache import caches
from kombu.exceptions import OperationalError as BrokerAwayError

from contactcenter.cache import ForgivingRedisCache
from contactcenter.celery import app
from contactcenter.local.ports import any_free


@pytest.fixture
def away():
    return ForgivingRedisCache(f"redis://127.0.0.1:{any_free()}/0", {"OPTIONS": {"socket_connect_timeout": 1}})


def test_a_cache_that_is_away_answers_as_an_empty_one(away):
    away.set("greeting", "hello")
    assert away.get("greeting", "nothing kept") == "nothing kept"
    assert away.get_many(["greeting"]) == {}
    assert away.set_many({"greeting": "hello"}) == ["greeting"]
    assert away.has_key("greeting") is False
    assert away.delete("greeting") is False
    assert away.add("lock", 1) is False
    with pytest.raises(ValueError, match="not found"):
        away.incr("count")


def test_a_cache_that_is_away_is_not_asked_at_every_turn(away):
    began = monotonic()
    for _ in range(1000):
        away.get("greeting")
    assert monotonic() - began < 2


def test_a_cache_that_is_there_keeps_things():
    cache = caches["default"]
    cache.set("greeting", "hello")
    assert cache.get("greeting") == "hello"
    assert cache.add("greeting", "again") is False
    assert cache.add("count", 1) is True
    assert cache.incr("count") == 2


def test_ringing_a_broker_that_is_away_gives_up_within_seconds():
    """A page that publishes while the broker is away must not wait for it."""
    began = monotonic()
    address = f"redis://127.0.0.1:{any_free()}/0"
    with current_app.connection_for_write(address) as connection, pytest.raises(BrokerAwayError):
        current_app.send_task("foundation.work_off", args=["live"], connection=connection, retry=False)
    assert monotonic() - began < 5


def test_the_product_rings_through_its_own_celery_application():

    assert current_app.main == app.main == "contactcenter"
    assert app.conf.broker_transport_options["visibility_timeout"] > 2 * app.conf.task_time_limit
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
