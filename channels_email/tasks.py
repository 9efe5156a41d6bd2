from celery import shared_task

from channels_email.domain.acknowledge import acknowledge_overdue
from channels_email.domain.sweep import sweep_mails


@shared_task(name="channels_email.sweep_mails", ignore_result=True)
def sweep() -> None:
    """Mails that a dead worker left behind, or that failed for a reason outside of them, are processed again."""
    sweep_mails()


@shared_task(name="channels_email.acknowledge_overdue", ignore_result=True)
def acknowledge_what_is_overdue() -> None:
    """Senders whose waiting time nobody has told are acknowledged with the stated target."""
    acknowledge_overdue()
