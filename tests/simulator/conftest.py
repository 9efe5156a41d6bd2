"""Two demo worlds: one loaded in small for a whole file, and one with nothing in it but a mailbox and Ana."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from channels_email.models import Mailbox
from foundation import bus
from simulator.mail.post import post_all
from simulator.mail.sink import open_sink
from simulator.models import World
from tests.channels_email.servers import event_loop_thread, smtp_port
from tests.event_loop import port_of
from tests.simulator.small_world import small_world

__all__ = ["event_loop_thread", "smtp_port"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def home_of_the_scene(settings, home, tmp_path):
    settings.HOME = home
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SIMULATOR = True


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, home) -> Iterator[dict[str, Any]]:
    with small_world(django_db_blocker, home) as facts:
        yield facts


@pytest.fixture
def facts(loaded, db) -> dict[str, Any]:
    return loaded


@pytest.fixture
def world(orders) -> World:
    mailbox = Mailbox.objects.create(address="support@nordhem.example", queue=orders)
    return World.objects.create(mailbox=mailbox.address, api_token="none")


@pytest.fixture
def mail_goes_round(settings, smtp_port, event_loop_thread, world) -> Iterator[Callable[[], None]]:
    """The demo's listener and the customers' sink, both listening; called, it lets all mail on its way arrive."""
    server, sink = event_loop_thread.run(open_sink("127.0.0.1", 0))
    settings.SMTP_PORT = smtp_port
    settings.SMTP_OUT_HOST, settings.SMTP_OUT_PORT = "127.0.0.1", port_of(server)

    def arrive() -> None:
        post_all()
        bus.drain()

    yield arrive
    event_loop_thread.end(server)
    sink.pool.shutdown()
