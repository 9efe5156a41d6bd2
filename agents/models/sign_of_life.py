from django.db import models

from agents.models.agent import Agent


class SignOfLife(models.Model):
    """When an agent's browser, in any tab, was last heard of."""

    agent = models.OneToOneField(Agent, models.CASCADE, primary_key=True, related_name="sign_of_life")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agent} at {self.seen_at:%Y-%m-%d %H:%M:%S}"
