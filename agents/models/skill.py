from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from agents.models.agent import Agent
from foundation.rows import Row


class Skill(Row):
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Proficiency(Row):
    """How well an agent has a skill: 1 (can, if nobody else) to 5 (the one to ask)."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="proficiencies")
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="proficiencies")
    level = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "skill"], name="proficiency_once_per_skill"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=5), name="proficiency_from_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.agent}: {self.skill} {self.level}"
