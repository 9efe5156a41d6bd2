"""Who receives which event. Filled by the `receivers.py` of each app, which foundation imports at start."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from foundation.event import Event

QUEUES = ("live", "mail", "bulk")


class UnknownReceiver(LookupError):
    """A row names a receiver that this release does not have."""


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """A durable receiver: what follows an event after its transaction, at least once."""

    name: str
    function: Callable[[Any], object]
    queue: str
    order_by: Callable[[Any], str] | None
    batch: bool
    atomic: bool

    def __call__(self, events: Sequence[Event]) -> None:
        if self.batch:
            self.function(list(events))
            return
        for event in events:
            self.function(event)


_within: dict[type[Event], list[Callable[[Any], object]]] = defaultdict(list)
_after: dict[type[Event], list[Receiver]] = defaultdict(list)
_named: dict[str, Receiver] = {}


def add_within(event_types: Sequence[type[Event]], function: Callable[[Any], object]) -> None:
    for event_type in _checked(event_types):
        if function not in _within[event_type]:
            _within[event_type].append(function)


def add_after(event_types: Sequence[type[Event]], receiver: Receiver) -> None:
    if receiver.queue not in QUEUES:
        raise ValueError(f"{receiver.name}: there is no queue {receiver.queue!r}, only {', '.join(QUEUES)}")
    if receiver.batch and not receiver.atomic:
        raise ValueError(f"{receiver.name}: a batch is worked off in one transaction, so it cannot be atomic=False")
    if receiver.name in _named:
        raise ValueError(f"two receivers are called {receiver.name}")
    _named[receiver.name] = receiver
    for event_type in _checked(event_types):
        _after[event_type].append(receiver)


def within_of(event_type: type[Event]) -> list[Callable[[Any], object]]:
    return _within.get(event_type, [])


def after_of(event_type: type[Event]) -> list[Receiver]:
    return _after.get(event_type, [])


def named(name: str) -> Receiver:
    """The receiver of that name. Raises UnknownReceiver."""
    try:
        return _named[name]
    except KeyError:
        raise UnknownReceiver(f"no receiver is called {name}") from None


def forget_module(module: str) -> None:
    """For tests that register receivers of their own: all that this module registered."""
    for functions in _within.values():
        functions[:] = [function for function in functions if function.__module__ != module]
    for receivers in _after.values():
        receivers[:] = [receiver for receiver in receivers if receiver.function.__module__ != module]
    for name in [name for name, receiver in _named.items() if receiver.function.__module__ == module]:
        del _named[name]


def _checked(event_types: Sequence[type[Event]]) -> Sequence[type[Event]]:
    if not event_types:
        raise TypeError("name the events to receive")
    for event_type in event_types:
        if not (isinstance(event_type, type) and issubclass(event_type, Event)):
            raise TypeError(f"{event_type!r} is not an event type")
    return event_types
