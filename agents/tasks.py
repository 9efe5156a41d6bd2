from celery import shared_task

from agents.domain.silence import set_silent_away


@shared_task(name="agents.set_silent_away", ignore_result=True)
def set_silent_agents_away() -> None:
    set_silent_away()
