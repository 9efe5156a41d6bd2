from django.db import models

from foundation.rows import Row


class Tag(Row):
    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
