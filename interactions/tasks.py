from celery import shared_task
from django.db import transaction

from foundation import bus, clock
from foundation.outbox.sweep import owed_keys
from interactions.domain.deliver import due_deliveries, settle_interrupted
from interactions.events import DeliveryDue


@shared_task(name="interactions.release_due_deliveries", ignore_result=True)
def release_due_deliveries() -> None:
    """Deliveries whose hold or pause is over go on their way; what was interrupted is settled."""
    settle_interrupted()
    with transaction.atomic():
        due = due_deliveries()
        owed = owed_keys("interactions.receivers.transmit", map(str, due))
        for delivery in due:
            if str(delivery) not in owed:  # else a flood of answers would owe each of them again every two seconds
                bus.publish(DeliveryDue(delivery=delivery, due_at=clock.now()))
