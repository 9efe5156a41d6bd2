from agents.events import PasswordForgotten
from agents.models import Agent
from contactcenter.password_letter import send_password_letter
from foundation.bus import after


@after(PasswordForgotten, queue="mail", atomic=False)
def write_password_letter(event: PasswordForgotten) -> None:
    agent = Agent.objects.filter(pk=event.agent, is_active=True).first()
    if agent is not None:
        send_password_letter(agent)
