from django.db import models

from customers.enums import UnitKind
from foundation.rows import Row


class Organisation(Row):
    """A company that customers belong to."""

    name = models.CharField(max_length=200, unique=True)
    key_account = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Unit(Row):
    """A location or a division of an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="units")
    kind = models.CharField(max_length=10, choices=UnitKind.choices)
    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "name"], name="unit_once")]

    def __str__(self) -> str:
        return self.name
