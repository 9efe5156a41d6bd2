"""Capacity: how much of a channel fits on an agent at once."""

from collections.abc import Iterable
from uuid import UUID

from agents.models import Capacity


def capacity_limits(agents: Iterable[UUID], channel: str) -> dict[UUID, int]:
    """For each agent how many interactions of `channel` it handles at once, its own figure or the channel's default."""
    wanted = list(agents)
    default = Capacity.DEFAULTS.get(channel, 1)
    own = dict(Capacity.objects.filter(agent__in=wanted, channel=channel).values_list("agent_id", "limit"))
    return {agent: own.get(agent, default) for agent in wanted}
