from django.conf import settings
from django.db import models

from customers.models.customer import Customer
from customers.models.identity import Identity
from foundation.rows import Row


class Claim(Row):
    """An address that a customer has by what somebody says, though it already is another customer's.

    A verified claim on a verified identity is the ground for asking whether both are one person.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="claims")
    identity = models.ForeignKey(Identity, models.CASCADE, related_name="claims")
    source = models.CharField(max_length=200, help_text="Where this was said or written")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True, help_text="Somebody said that they are two people")
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "identity"], name="claim_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.identity_id}"
