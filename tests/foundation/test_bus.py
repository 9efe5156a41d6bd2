"""Events in the transaction they tell of, and what follows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import transaction

from foundation import bus, registry
from foundation.keys import new_key
from foundation.outbox.models import OutboxRow

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class BellRung(bus.Event):
    bell: UUID
    tower: str = ""
    strokes: tuple[int, ...] = ()


heard: list[BellRung] = []


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    heard.clear()
    yield
    for name in [name for name in registry._named if name.startswith(__name__)]:
        registry.forget(name)


def test_what_follows_an_event_is_done_once_and_its_row_is_gone():
    @bus.after(BellRung)
    def listen(event: BellRung) -> None:
        heard.append(event)

    event = BellRung(bell=new_key(), tower="Südturm", strokes=(1, 2))
    with transaction.atomic():
        bus.publish(event)
    assert heard == []

    assert bus.drain() == 1

    assert heard == [event]
    assert not OutboxRow.objects.exists()
    assert bus.drain() == 0
