from django.db import models
from django.db.models import Q

from channels_email.enums import AcknowledgementState, Situation
from foundation.rows import Row
from interactions.models import Case, Interaction, Message


class Acknowledgement(Row):
    """That a sender is told once per case that we have their mail: due first, then written or left out.

    `inputs` are all facts its sentences were made from, so that one can see later why it said what it said.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="acknowledgements")
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="acknowledgements")
    received = models.ForeignKey(Message, models.CASCADE, related_name="acknowledgements")
    sender = models.CharField(max_length=320, help_text="Lower case")
    state = models.CharField(max_length=8, choices=AcknowledgementState.choices, default=AcknowledgementState.DUE)
    due_at = models.DateTimeField(help_text="When it is written also without knowing how long it will take")
    reason = models.CharField(max_length=100, blank=True)
    message = models.OneToOneField(Message, models.SET_NULL, null=True, blank=True, related_name="acknowledges")
    situation = models.CharField(max_length=8, choices=Situation.choices, blank=True)
    inputs = models.JSONField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "sender"], name="acknowledgement_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=AcknowledgementState.DUE), name="acknowledgement_due"),
            models.Index(fields=["sender", "written_at"], condition=~Q(written_at=None), name="acknowledgement_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.state}"
