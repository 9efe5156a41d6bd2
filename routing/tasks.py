from celery import shared_task

from interactions.domain.sla_clocks import ring
from routing.domain.pace import refresh_paces
from routing.domain.service_level import keep_outdated
from routing.domain.sweep import sweep


@shared_task(name="routing.sweep", ignore_result=True)
def sweep_offers() -> None:
    sweep()


@shared_task(name="routing.refresh_pace", ignore_result=True)
def refresh_pace() -> None:
    refresh_paces()


@shared_task(name="routing.ring_clocks", ignore_result=True)
def ring_clocks() -> None:
    keep_outdated()
    ring()
