from django.conf import settings
from django.db import models
from django.db.models import Q

from customers.models.customer import Customer
from foundation.rows import Row


class Merge(Row):
    """Somebody said that two customers are one person: who, when, from what they knew it, and whether it still holds.

    The merges that were not undone say who belongs to whom; `Customer.merged_into` is what follows from them, the root.
    `taken` are values that the remaining record took over: {field: [what stood there, what stands there now]}.
    """

    source = models.ForeignKey(Customer, models.PROTECT, related_name="merges", help_text="Who was merged")
    target = models.ForeignKey(Customer, models.PROTECT, related_name="merges_into_it", help_text="Into whom")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    evidence = models.CharField(max_length=400, blank=True)
    taken = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=Q(undone_at=None), name="merged_into_one_only"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
