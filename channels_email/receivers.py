from collections.abc import Sequence

from channels_email.domain.acknowledge import acknowledge_interaction
from channels_email.domain.process import process_all
from channels_email.events import RawEmailStored
from foundation.bus import after
from interactions.events import Waiting


@after(RawEmailStored, queue="mail", batch=True)
def understand(events: Sequence[RawEmailStored]) -> None:
    process_all([event.raw for event in events])


@after(Waiting, queue="mail")
def acknowledge(event: Waiting) -> None:
    acknowledge_interaction(event.interaction)
