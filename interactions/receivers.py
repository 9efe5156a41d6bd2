from collections.abc import Sequence

from foundation.bus import after
from interactions.domain import stalled
from interactions.domain.deliver import deliver
from interactions.domain.search_index import index_cases, index_messages
from interactions.enums import ChangeKind
from interactions.events import CaseChanged, DeliveryDue, MessageReceived, MessageWritten

__all__ = ["index_words", "stalled", "transmit"]


@after(DeliveryDue, queue="mail", atomic=False, order_by=lambda event: str(event.delivery))
def transmit(event: DeliveryDue) -> None:
    deliver(event.delivery)


@after(MessageReceived, MessageWritten, batch=True)
def index_words(events: Sequence[MessageReceived | MessageWritten]) -> None:
    """What was just said is found at once: no long job and no hanging mail server stands before it."""
    index_messages(event.message for event in events)


@after(CaseChanged, queue="bulk", batch=True)
def index_changed_cases(events: Sequence[CaseChanged]) -> None:
    """What is found in a case depends on its subject, and who finds it on its queue."""
    cases = {event.case for event in events if event.change in {ChangeKind.SUBJECT, ChangeKind.QUEUE}}
    if cases:
        index_cases(sorted(cases))
