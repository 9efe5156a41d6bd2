"""Why nothing more is offered to an agent who is available: both hands are full."""

from __future__ import annotations

from agents.domain.capacity import capacity_limits
from agents.domain.presence import is_available
from agents.models import Agent
from interactions.domain.handle import open_load
from interactions.enums import ChannelName
from routing.domain.access import open_offers


def hands_full(agent: Agent) -> str:
    """A sentence, or '' for who has room for a mail or is not available."""
    load = open_load([agent.pk], ChannelName.EMAIL)[agent.pk]
    if not load or not is_available(agent.pk):
        return ""
    limit = capacity_limits([agent.pk], ChannelName.EMAIL)[agent.pk]
    if load < limit or open_offers(agent).exists():  # what is before them is not in hand yet
        return ""
    held = "one mail" if load == 1 else f"{load} mails"
    return f"You have {held} in hand, which is all you take at once. Answer or resolve one, and the next is offered."
