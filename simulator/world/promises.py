"""What the retailer promises its customers, and how its open cases stand to that."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from interactions.models import Case, SlaClock
from routing.domain.service_level import keep
from routing.models import SlaPolicy
from simulator.world.company import Company
from simulator.world.sources import read


def promise(company: Company) -> None:
    for position, entry in enumerate(read("company")["service_levels"], 1):
        policy = SlaPolicy.objects.create(
            name=entry["name"],
            position=10 * position,
            first_response=entry["first_response"],
            next_response=entry["next_response"],
            resolution=entry["resolution"],
            key_accounts_only=entry.get("key_accounts_only", False),
        )
        policy.queues.set(company.queues[name] for name in entry.get("queues", []))


def stand(now: datetime) -> None:
    """The clocks of what is open. What became late before the demo began was noticed then."""
    for case in Case.objects.unfinished().values_list("pk", flat=True):
        keep(case)
    running = SlaClock.objects.running()
    running.filter(warn_at__lte=now).update(warned_at=F("warn_at"))
    running.filter(due_at__lte=now).update(breached_at=F("due_at"))
