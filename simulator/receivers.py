"""What the demo world's people notice at once."""

from django.conf import settings

from agents.events import PresenceChanged
from foundation.bus import after
from simulator.people import colleagues


@after(PresenceChanged, atomic=False)
def make_room(event: PresenceChanged) -> None:
    """When a person comes or goes the colleagues do not wait for their next look at the clock."""
    if settings.SIMULATOR and not colleagues.played().filter(pk=event.agent).exists():
        colleagues.keep_hours()
