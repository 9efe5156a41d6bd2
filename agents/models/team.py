from django.db import models

from agents.models.agent import Agent
from foundation.rows import Row


class Team(Row):
    """Agents who work together, with the supervisors who see and steer their work."""

    name = models.CharField(max_length=120, unique=True)
    members = models.ManyToManyField(Agent, related_name="teams", blank=True)
    supervisors = models.ManyToManyField(Agent, related_name="supervised_teams", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def active_members(self) -> list[Agent]:
        """Those who have not left; `members` are all, whose cases are still the team's."""
        return [agent for agent in self.members.all() if agent.is_active]
