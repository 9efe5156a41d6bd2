import pghistory
from django.db import models

from customers.enums import IdentityKind
from customers.models.customer import Customer
from foundation.rows import Row


@pghistory.track(pghistory.InsertEvent(level=pghistory.Statement), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Identity(Row):
    """An address by which a customer is known in a channel. `value` is normalised and unique per kind."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = models.CharField(max_length=320)
    shown = models.CharField(max_length=320, help_text="As the customer writes it")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.CharField(max_length=120, blank=True, help_text="How it was verified, by whom")
    bounced_at = models.DateTimeField(null=True, blank=True, help_text="Undeliverable since")
    bounce_reason = models.CharField(max_length=300, blank=True, help_text="In the words of the last report")
    complained_at = models.DateTimeField(null=True, blank=True, help_text="Called a mail of ours spam, first")
    blocked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "identities"
        ordering = ["kind", "created_at"]
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identity_once_per_kind")]

    def __str__(self) -> str:
        return self.shown
