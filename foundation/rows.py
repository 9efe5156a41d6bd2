"""What every row of the house has: a key that sorts by age, and when it was made."""

from django.db import models

from foundation import clock
from foundation.keys import new_key


class Row(models.Model):
    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True
