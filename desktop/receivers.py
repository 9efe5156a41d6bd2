"""What happened is told to the screens it concerns, a moment after it was committed."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from agents.domain.presence import set_presence
from agents.enums import PresenceStatus
from agents.events import AgentChanged, PresenceChanged
from agents.models import Agent
from customers.events import CustomerChanged
from desktop.domain.audience import streams_about, streams_about_customers, streams_of
from foundation.bus import after
from foundation.streams import signal
from interactions.events import (
    Assigned,
    CaseChanged,
    CaseEvent,
    CaseOpened,
    ClocksChanged,
    DeliveryChanged,
    MessageReceived,
    MessageWritten,
    SlaBreached,
    SlaWarned,
    StatusChanged,
    Waiting,
)
from routing.events import Offered, OfferEnded


@after(
    CaseOpened,
    MessageReceived,
    MessageWritten,
    DeliveryChanged,
    Waiting,
    Assigned,
    StatusChanged,
    CaseChanged,
    ClocksChanged,
    SlaWarned,
    SlaBreached,
    batch=True,
)
def show_cases(events: Sequence[CaseEvent]) -> None:
    signal(*streams_of(events))


@after(Offered, OfferEnded, PresenceChanged, AgentChanged, batch=True)
def show_agents(events: Sequence[Offered | OfferEnded | PresenceChanged | AgentChanged]) -> None:
    signal(*streams_about({event.agent for event in events}))


@after(CustomerChanged, batch=True)
def show_customers(events: Sequence[CustomerChanged]) -> None:
    signal(*streams_about_customers({event.customer for event in events}))


@receiver(user_logged_out)
def leave(user: object, **_: object) -> None:
    """Who signs out is offered nothing more; what was before them goes to a colleague."""
    if isinstance(user, Agent):
        set_presence(user, PresenceStatus.OFFLINE)
