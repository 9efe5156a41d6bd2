"""The doors to agents: what concerns one alone, and the teams somebody supervises."""

from django.db.models import QuerySet

from agents.enums import Permission
from agents.models import Agent, Team
from foundation.streams import membership


def visible_teams(agent: Agent) -> QuerySet[Team]:
    """The teams that `agent` supervises; none for whom no role lets supervise, whatever stands in the teams."""
    if not agent.may(Permission.SUPERVISE_TEAMS):
        return Team.objects.none()
    return Team.objects.filter(supervisors=agent)


@membership("agent")
def may_watch_agent(agent: Agent, key: str) -> bool:
    """Everybody hears of themselves only."""
    return str(agent.pk) == key


@membership("team")
def may_watch_team(agent: Agent, key: str) -> bool:
    """Supervisors hear when the presence of a member changes."""
    return visible_teams(agent).filter(pk=key).exists()
