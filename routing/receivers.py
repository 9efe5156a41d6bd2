"""What routing does when something happens: intake is admitted, free agents are served, offers are kept true."""

from collections.abc import Sequence

from agents.events import AgentChanged, PresenceChanged
from agents.models import Capacity
from foundation.bus import after, within
from interactions.enums import ChangeKind, DeliveryState
from interactions.events import (
    Assigned,
    CaseChanged,
    DeliveryChanged,
    HandlingEnded,
    MessageReceived,
    MessageWritten,
    SlaBreached,
    SlaWarned,
    StatusChanged,
    WaitingEnded,
    WaitingStarted,
)
from routing.domain import service_level
from routing.domain.admit import admit, readmit
from routing.domain.answer import withdraw
from routing.domain.follow import follow_agent, look_again, serve_queue
from routing.enums import OfferOutcome
from routing.events import OfferEnded, PoliciesChanged
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


@after(MessageReceived, MessageWritten, StatusChanged, batch=True)
def keep_clocks(events: Sequence[MessageReceived | MessageWritten | StatusChanged]) -> None:
    for case in sorted({event.case for event in events}):
        service_level.keep(case)


@after(CaseChanged, DeliveryChanged)
def follow_case(event: CaseChanged | DeliveryChanged) -> None:
    """Another policy may hold, or an answer was taken back."""
    changed = isinstance(event, CaseChanged) and event.change in {ChangeKind.QUEUE, ChangeKind.PRIORITY}
    if changed or (isinstance(event, DeliveryChanged) and event.state == DeliveryState.WITHDRAWN):
        service_level.keep(event.case)


@after(SlaWarned, SlaBreached)
def escalate(event: SlaWarned | SlaBreached) -> None:
    service_level.escalate(event)


@after(PoliciesChanged, queue="bulk")
def follow_policies(event: PoliciesChanged) -> None:
    service_level.apply_portion(event.after)
