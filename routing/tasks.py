from celery import shared_task

from routing.domain.pace import refresh_paces
from routing.domain.sweep import sweep


@shared_task(name="routing.sweep", ignore_result=True)
def sweep_offers() -> None:
    sweep()


@shared_task(name="routing.refresh_pace", ignore_result=True)
def refresh_pace() -> None:
    refresh_paces()
