from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from agents.models import Skill
from brands.models import Brand
from foundation.calendar.models import Calendar
from foundation.rows import Row


class Queue(Row):
    """Where cases wait: under one brand, open in one calendar, worked by its members."""

    name = models.CharField(max_length=120, unique=True)
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="queues")
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="queues", blank=True)
    skills = models.ManyToManyField(Skill, related_name="+", blank=True, help_text="Needed for every case of the queue")
    priority = models.PositiveSmallIntegerField(default=2, help_text="Of new cases: 1 low, 2 normal, 3 high, 4 urgent")
    response_target = models.PositiveIntegerField(
        default=480, validators=[MinValueValidator(1)], help_text="Business minutes to a first answer that we state"
    )
    owner_return = models.PositiveIntegerField(
        default=60, help_text="Business minutes within which an absent owner must be back to keep an answer"
    )
    reopen_days = models.PositiveSmallIntegerField(
        default=14, help_text="A message within these days after closing reopens the case; later it opens a linked one"
    )
    offer_seconds = models.PositiveSmallIntegerField(default=30, validators=[MinValueValidator(5)])
    undo_seconds = models.PositiveSmallIntegerField(default=10)
    acknowledges = models.BooleanField(default=True)
    acknowledgements_per_day = models.PositiveSmallIntegerField(default=5, help_text="To one sender")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
