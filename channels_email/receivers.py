from channels_email.domain.acknowledge import acknowledge_interaction
from channels_email.domain.process import process
from channels_email.events import RawEmailStored
from foundation.bus import after
from interactions.events import Waiting


@after(RawEmailStored, queue="mail")
def understand(event: RawEmailStored) -> None:
    process(event.raw)


@after(Waiting, queue="mail")
def acknowledge(event: Waiting) -> None:
    acknowledge_interaction(event.interaction)
