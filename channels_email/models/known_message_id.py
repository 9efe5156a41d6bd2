from django.db import models

from foundation.rows import Row
from interactions.models import Case, Message


class KnownMessageId(Row):
    """A Message-ID that was seen in a case, ours or theirs. Theirs may be lies, so one may stand in several cases."""

    value = models.CharField(max_length=255)
    message = models.ForeignKey(Message, models.CASCADE, related_name="message_ids")
    case = models.ForeignKey(Case, models.CASCADE, related_name="message_ids")
    ours = models.BooleanField(default=False)

    class Meta:
        verbose_name = "known Message-ID"
        constraints = [models.UniqueConstraint(fields=["message", "value"], name="known_message_id_once")]
        indexes = [
            models.Index(fields=["value"]),
            models.Index(fields=["case", "created_at"]),
        ]

    def __str__(self) -> str:
        return self.value
