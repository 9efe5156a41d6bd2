from celery import shared_task
from django.db import transaction

from foundation import bus, clock
from interactions.domain.deliver import due_deliveries, settle_interrupted
from interactions.events import DeliveryDue


@shared_task(name="interactions.release_due_deliveries", ignore_result=True)
def release_due_deliveries() -> None:
    """Deliveries whose hold or pause is over go on their way; what was interrupted is settled."""
    settle_interrupted()
    with transaction.atomic():
        for delivery in due_deliveries():
            bus.publish(DeliveryDue(delivery=delivery, due_at=clock.now()))
