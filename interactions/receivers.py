from collections.abc import Sequence

from foundation.bus import after
from interactions.domain import stalled
from interactions.domain.deliver import deliver
from interactions.domain.search import index_messages
from interactions.events import DeliveryDue, MessageReceived, MessageWritten

__all__ = ["index_words", "stalled", "transmit"]


@after(DeliveryDue, queue="mail", atomic=False, order_by=lambda event: str(event.delivery))
def transmit(event: DeliveryDue) -> None:
    deliver(event.delivery)


@after(MessageReceived, MessageWritten, queue="bulk", batch=True)
def index_words(events: Sequence[MessageReceived | MessageWritten]) -> None:
    index_messages(event.message for event in events)
