import pghistory
from django.db import models

from customers.enums import Purpose
from customers.models.customer import Customer
from foundation.rows import Row


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Consent(Row):
    """Whether we may use a channel for a purpose, since when, and from what we know it. No row: nobody has asked."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=20)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.SERVICE)
    granted = models.BooleanField()
    since = models.DateTimeField()
    source = models.CharField(max_length=200, help_text="Where this was said or written")

    class Meta:
        ordering = ["channel", "purpose"]
        constraints = [models.UniqueConstraint(fields=["customer", "channel", "purpose"], name="consent_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.purpose}: {'yes' if self.granted else 'no'}"
