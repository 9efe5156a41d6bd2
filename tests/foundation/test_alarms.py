"""Alarms are looked for once for all pages that are opened within seconds, and anew by whoever asks for them."""

from __future__ import annotations

import pytest

from foundation import alarms
from foundation.alarms import Alarm, lately, sounding

SMOKE = Alarm(words="Something smokes.", since=None)


@pytest.fixture
def looks(monkeypatch) -> list[str]:
    """Each look into the kitchen."""
    looked: list[str] = []

    def kitchen() -> Alarm:
        looked.append("kitchen")
        return SMOKE

    monkeypatch.setattr(alarms, "_sources", {"kitchen": kitchen})
    return looked


def test_many_pages_look_once_and_who_asks_looks_anew(looks):
    assert [lately() for _ in range(3)] == [{"kitchen": SMOKE}] * 3
    assert looks == ["kitchen"]
    assert sounding() == {"kitchen": SMOKE}
    assert looks == ["kitchen"] * 2


def test_without_a_cache_every_page_looks(looks, monkeypatch):
    monkeypatch.setattr(alarms.cache, "get", lambda *_: None)
    monkeypatch.setattr(alarms.cache, "set", lambda *_: None)
    assert lately() == lately() == {"kitchen": SMOKE}
    assert looks == ["kitchen"] * 2
