from django.contrib.postgres.fields import ArrayField
from django.db import models

from agents.enums import Permission
from foundation.rows import Row


class Role(Row):
    """A named set of permissions."""

    name = models.CharField(max_length=80, unique=True)
    permissions = ArrayField(models.CharField(max_length=40, choices=Permission.choices), default=list, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
