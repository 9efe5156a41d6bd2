"""When answers stop leaving: said within minutes, to people who can do something about it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Min, Q

from foundation import clock
from foundation.alarms import Alarm, source
from interactions.domain.deliver import LEASE
from interactions.enums import DeliveryState
from interactions.models import Delivery

LATE = timedelta(minutes=2)  # what is due leaves within seconds


@source("delivery_waiting")
def deliveries_wait() -> Alarm | None:
    """Deliveries that are due and that nobody transmits, or that somebody began to transmit and left lying."""
    limit = clock.now() - LATE
    late = Delivery.objects.filter(
        Q(state__in=(DeliveryState.HELD, DeliveryState.QUEUED), due_at__lt=limit)
        | Q(state=DeliveryState.TRANSMITTING, lease_until__lt=limit)
        | Q(state=DeliveryState.TRANSMITTING, lease_until__gt=clock.now() + 2 * LEASE)
    ).aggregate(deliveries=Count("pk"), since=Min("due_at"))
    number = late["deliveries"]
    if not number:
        return None
    words = f"{number} answer{' is' if number == 1 else 's are'} due and not sent. Is a worker running?"
    return Alarm(words=words, since=late["since"], count=number)
