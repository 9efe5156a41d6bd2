"""The door to what concerns one agent alone."""

from agents.models import Agent
from foundation.streams import membership


@membership("agent")
def may_watch_agent(agent: Agent, key: str) -> bool:
    """Everybody hears of themselves only."""
    return str(agent.pk) == key
