"""Events are what apps tell each other, so each stands in docs/architecture.md with what it means."""

import inspect
from importlib import import_module
from importlib.util import find_spec

from foundation.bus import Event
from tests.architecture.house import ROOT, local_apps


def events() -> list[type[Event]]:
    return [
        found
        for config in local_apps()
        if find_spec(f"{config.name}.events")
        for _, found in inspect.getmembers(import_module(f"{config.name}.events"), inspect.isclass)
        if issubclass(found, Event) and found.__module__ == f"{config.name}.events"
    ]


def test_there_are_events():
    assert events()


def test_every_event_is_documented():
    page = (ROOT / "docs" / "architecture.md").read_text()
    missing = [f"{event.__module__}.{event.__name__}" for event in events() if f"`{event.__name__}`" not in page]
    assert missing == []


def test_every_event_says_what_happened():
    silent = [event.__name__ for event in events() if (event.__doc__ or "").startswith(f"{event.__name__}(")]
    assert silent == []  # what dataclass writes by itself is no documentation
