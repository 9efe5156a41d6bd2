from agents.models.agent import Agent
from agents.models.capacity import Capacity
from agents.models.presence import Presence
from agents.models.role import Role
from agents.models.sign_of_life import SignOfLife
from agents.models.skill import Proficiency, Skill
from agents.models.team import Team

__all__ = ["Agent", "Capacity", "Presence", "Proficiency", "Role", "SignOfLife", "Skill", "Team"]
