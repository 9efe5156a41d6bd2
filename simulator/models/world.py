from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from foundation.rows import Row

GENTLE = 20
BUSIEST = 600


class World(Row):
    """The demo world that was loaded here; at most one. Where there is none, the simulator's pages do not exist.

    `rate` is how many new mails the simulated customers write in an hour.
    """

    only = models.BooleanField(default=True, unique=True, editable=False)
    rate = models.PositiveSmallIntegerField(default=GENTLE, validators=[MaxValueValidator(BUSIEST)])
    mailbox = models.EmailField(help_text="The address that a newcomer writes to first")
    api_token = models.CharField(max_length=40)
    sign_ins = models.CharField(max_length=64, blank=True, help_text="A mark of the passwords that the agents have")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="world_only_one"),
            models.CheckConstraint(condition=Q(rate__lte=BUSIEST), name="world_rate_in_reach"),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox}, {self.rate} an hour"


class Part(Row):
    """What an agent is in the demo world: a colleague played by the program, or (`printed`) somebody with a sign-in
    for people, whom the program never plays. `role` is the name under which the sign-in is printed.
    """

    agent = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    shift = models.CharField(max_length=12, blank=True, help_text="A rota of simulator.world.rota")
    role = models.CharField(max_length=20, blank=True)
    printed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role"], condition=~Q(role=""), name="part_role_once")]

    def __str__(self) -> str:
        return self.role or self.shift
