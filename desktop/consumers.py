"""The desktop's websocket: signals only; every screen fetches what changed through its own doors."""

from foundation.sockets import SignalSocket


class DesktopSocket(SignalSocket):
    """One per browser tab of a signed-in agent."""
