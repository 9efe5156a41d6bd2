"""What Celery carries: doorbells. The work itself stands in the outbox and survives the broker."""

from datetime import timedelta

from celery import shared_task

from foundation import clock, stream_position
from foundation.outbox import doorbell, work

QUIET = timedelta(days=30)


@shared_task(name="foundation.work_off", acks_late=False, ignore_result=True)  # a lost ring is rung again
def work_off(queue: str) -> int:
    """Answer the bell of `queue`: do what is due; how many rows were done. A full portion calls a colleague."""
    doorbell.answer(queue)
    return work.work(queue, more=doorbell.ring)


@shared_task(name="foundation.clear_streams", ignore_result=True)
def clear_streams() -> int:
    """Forget the sequences of streams that nobody has signalled for a month; how many."""
    return stream_position.clear(clock.now() - QUIET)
