"""What Celery carries: doorbells. The work itself stands in the outbox and survives the broker."""

from celery import shared_task

from foundation.outbox import doorbell, work


@shared_task(name="foundation.work_off", acks_late=False, ignore_result=True)  # a lost ring is rung again
def work_off(queue: str) -> int:
    """Answer the bell of `queue`: do what is due; how many rows were done. A full portion calls a colleague."""
    doorbell.answer(queue)
    return work.work(queue, more=doorbell.ring)
