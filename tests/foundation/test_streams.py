"""Signals: that something changed, to those who may know, and nothing more."""

import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import transaction
from django.test import Client

from agents.models import Agent
from foundation import clock, frames, streams
from foundation.sockets import NOT_SIGNED_IN, TOO_MUCH, SignalSocket
from foundation.tasks import clear_streams
from tests.foundation.wire import Wire

pytestmark = pytest.mark.django_db(transaction=True)
welcome: set[tuple[str, str]] = set()


@streams.membership("bell")
def may_hear_bell(agent: Agent, key: str) -> bool:
    return (agent.username, key) in welcome


@pytest.fixture(autouse=True)
def nobody_is_welcome() -> None:
    welcome.clear()
    streams._rest_until = 0.0


class HastySocket(SignalSocket):
    seconds_between_heartbeats = 0.05


@asynccontextmanager
async def connected(
    agent: Agent, socket_class: type[SignalSocket] = SignalSocket, *, session: Any = None
) -> AsyncIterator[Wire]:
    wire = Wire(socket_class.as_asgi(), user=agent, session=session or await sync_to_async(session_of)(agent))
    await wire.connect()
    try:
        yield wire
    finally:
        await wire.hang_up()


def session_of(agent: Agent) -> Any:
    client = Client()
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    store = import_module(settings.SESSION_ENGINE).SessionStore(client.session.session_key)
    store.load()
    return store


def scene(play: Callable[[], Awaitable[None]]) -> None:
    async_to_sync(play)()


def change(*names: str) -> None:
    with transaction.atomic():
        streams.signal(*names)


def test_a_signal_reaches_those_who_subscribed_and_are_members(ana: Agent):
    welcome.add(("ana", "north"))

    async def play() -> None:
        async with connected(ana) as browser:
            answer = await browser.say(type="subscribe", streams=["bell.north", "bell.south", "cat.tom"])
            assert answer == {
                "type": "subscribed",
                "sequences": {"bell.north": 0},
                "refused": ["bell.south", "cat.tom"],
            }
            await sync_to_async(change)("bell.north", "bell.south")
            heard = await browser.hear()
            assert (heard["type"], heard["stream"]) == ("signal", "bell.north")
            assert heard.keys() == {"type", "stream", "sequence"}
            assert await sync_to_async(streams.latest)(["bell.north"]) == {"bell.north": heard["sequence"]}
            assert await browser.receive_nothing(timeout=0.1)

    scene(play)


def test_a_member_who_is_shut_out_meanwhile_hears_no_more(ana: Agent):
    welcome.add(("ana", "north"))

    async def play() -> None:
        async with connected(ana) as browser:
            await browser.say(type="subscribe", streams=["bell.north"])
            welcome.clear()
            await sync_to_async(change)("bell.north")
            assert await browser.hear() == {"type": "revoked", "stream": "bell.north"}
            welcome.add(("ana", "north"))
            await sync_to_async(change)("bell.north")
            assert await browser.receive_nothing(timeout=0.1), "it has to subscribe again"

    scene(play)


def test_a_change_that_is_undone_signals_nothing(ana: Agent):
    welcome.add(("ana", "north"))

    def undone() -> None:
        with transaction.atomic():
            streams.signal("bell.north")
            transaction.set_rollback(True)

    async def play() -> None:
        async with connected(ana) as browser:
            await browser.say(type="subscribe", streams=["bell.north"])
            await sync_to_async(undone)()
            assert await browser.receive_nothing(timeout=0.1)

    scene(play)
    assert streams.latest(["bell.north"]) == {"bell.north": 0}


def test_what_one_browser_left_it_does_not_hear(ana: Agent):
    welcome.add(("ana", "north"))

    async def play() -> None:
        async with connected(ana) as browser:
            await browser.say(type="subscribe", streams=["bell.north"])
            await browser.tell(json.dumps({"type": "unsubscribe", "streams": ["bell.north"]}))
            await sync_to_async(change)("bell.north")
            assert await browser.receive_nothing(timeout=0.1)

    scene(play)


def test_heartbeats_tell_what_signals_missed(ana: Agent):
    welcome.add(("ana", "north"))

    async def play() -> None:
        async with connected(ana, HastySocket) as browser:
            await browser.tell(json.dumps({"type": "subscribe", "streams": ["bell.north"]}))
            while (heard := await browser.hear())["type"] != "heartbeat" or not heard["sequences"]:
                pass
            assert heard["sequences"] == {"bell.north": 0}

    scene(play)


def test_a_browser_that_signs_out_is_cut_off(ana: Agent):
    async def play() -> None:
        session = await sync_to_async(session_of)(ana)
        async with connected(ana, HastySocket, session=session) as browser:
            await sync_to_async(session.delete)()
            assert await browser.closed() == NOT_SIGNED_IN

    scene(play)


def test_a_stranger_is_turned_away(ana: Agent):
    welcome.add(("ana", "north"))

    async def play() -> None:
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        async with connected(ana, session=session) as browser:
            assert await browser.closed() == NOT_SIGNED_IN
            await browser.tell(json.dumps({"type": "subscribe", "streams": ["bell.north"]}))
            assert await browser.receive_nothing(timeout=0.1)

    scene(play)


def test_a_browser_that_talks_too_fast_is_cut_off(ana: Agent):
    async def play() -> None:
        async with connected(ana) as browser:
            for _ in range(60):
                await browser.tell("nonsense")
            assert await browser.closed() == TOO_MUCH
            await browser.tell("nonsense")  # what was on its way when it was closed
            assert await browser.receive_nothing()

    scene(play)


def test_more_streams_than_allowed_are_refused(ana: Agent):
    names = [f"bell.{number}" for number in range(frames.MOST_STREAMS + 1)]
    welcome.update(("ana", name.removeprefix("bell.")) for name in names)

    async def play() -> None:
        async with connected(ana) as browser:
            assert (await browser.say(type="subscribe", streams=names[:-1]))["refused"] == []
            assert (await browser.say(type="subscribe", streams=names[-1:]))["refused"] == names[-1:]

    scene(play)


def test_sequences_only_rise_also_after_a_quiet_stream_was_cleared_away():
    change("bell.north")
    first = streams.latest(["bell.north"])["bell.north"]
    change("bell.north")
    second = streams.latest(["bell.north"])["bell.north"]
    streams.stream_position.StreamPosition.objects.all().delete()
    change("bell.north")
    assert first < second < streams.latest(["bell.north"])["bell.north"]


def test_while_valkey_is_away_changes_still_commit_quickly_and_their_sequence_rises(settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        settings.CHANNEL_LAYERS = {
            "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [away]}}
        }
        change("bell.north")
    assert streams.latest(["bell.north"])["bell.north"] > 0
    assert streams._rest_until > 0, "it was tried, and is left alone for a while"


def test_the_streams_of_a_kind_have_one_owner():
    with pytest.raises(ValueError, match="already have an owner"):
        streams.membership("bell")(lambda agent, key: True)


def test_only_streams_that_were_quiet_for_a_month_are_cleared_away():
    with clock.stopped_at(clock.now()) as still:
        change("bell.north")
        still.advance(timedelta(days=29))
        change("bell.south")
        assert clear_streams() == 0
        still.advance(timedelta(days=2))
        assert clear_streams() == 1
    assert streams.latest(["bell.north", "bell.south"])["bell.north"] == 0
    assert streams.latest(["bell.south"])["bell.south"] > 0
