"""What routing does when something happens: intake is admitted, free agents are served, offers are kept true."""

from agents.events import AgentChanged, PresenceChanged
from agents.models import Capacity
from foundation.bus import after, within
from interactions.events import Assigned, HandlingEnded, MessageReceived, WaitingEnded, WaitingStarted
from routing.domain.admit import admit, readmit
from routing.domain.answer import withdraw
from routing.domain.follow import follow_agent, look_again, serve_queue
from routing.enums import OfferOutcome
from routing.events import OfferEnded
from routing.models import Offer

CHANNELS = list(Capacity.DEFAULTS)


@after(MessageReceived)
def admit_message(event: MessageReceived) -> None:
    if not event.automatic:
        admit(event.case, event.interaction)


@after(WaitingStarted, atomic=False)
def look_at_waiting(event: WaitingStarted) -> None:
    look_again(event.waiting)


@within(WaitingEnded)
def withdraw_offer(event: WaitingEnded) -> None:
    for offer in Offer.objects.open().filter(waiting=event.waiting):
        withdraw(offer)


@after(PresenceChanged, AgentChanged, atomic=False)
def follow_presence(event: PresenceChanged | AgentChanged) -> None:
    follow_agent(event.agent, channels=CHANNELS)


@after(HandlingEnded, atomic=False)
def serve_free_agent(event: HandlingEnded) -> None:
    follow_agent(event.agent, channels=[event.channel])


@after(OfferEnded, atomic=False)
def go_on(event: OfferEnded) -> None:
    """The agent may have another; what was not taken, or waits of other cases, is for somebody else."""
    follow_agent(event.agent, channels=[event.channel])
    if event.outcome != OfferOutcome.ACCEPTED:
        serve_queue(event.queue, event.channel)


@after(Assigned)
def readmit_released(event: Assigned) -> None:
    if event.agent is None:
        readmit(event.case)
