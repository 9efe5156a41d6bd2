"""Mail in the name of one of our own addresses: a loop, or a forger. Forms that name their user in Reply-To pass."""

from __future__ import annotations

from channels_email.domain.arrived import Arrived


def ignore(arrived: Arrived) -> str:
    sender = arrived.sender
    return "sent from an address of ours" if sender is not None and arrived.is_own(sender.address) else ""
