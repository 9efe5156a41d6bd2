from django.conf import settings
from django.db import models

from foundation.rows import Row
from interactions.models.case import Case
from interactions.models.message import Message


class Submission(Row):
    """A form of an agent's that became a message. `key` was given to the form when it was shown."""

    key = models.UUIDField()
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    message = models.OneToOneField(Message, models.CASCADE, related_name="submission")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "key"], name="submission_once")]

    def __str__(self) -> str:
        return str(self.key)
