"""Alarms as lines of a banner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from agents.enums import Permission
from agents.models import Agent
from foundation.alarms import Alarm

_PLACES = {
    "mail_waiting": "desktop:mail_in",
    "mailbox_unread": "desktop:mailboxes",
    "mail_listener": "desktop:mailboxes",
    "delivery_waiting": "desktop:mail_out",
}


@dataclass(frozen=True)
class AlarmLine:
    name: str
    words: str
    since: datetime | None
    url: str


def hears_alarms(agent: Agent) -> bool:
    return agent.may(Permission.ADMINISTER) or agent.may(Permission.SUPERVISE_TEAMS)


def alarm_lines(agent: Agent, alarms: Callable[[], Mapping[str, Alarm]]) -> list[AlarmLine] | None:
    """What `alarms` gives, for administrators and supervisors; None for whom they are no business."""
    if not hears_alarms(agent):
        return None
    administers = agent.may(Permission.ADMINISTER)
    return [
        AlarmLine(
            name,
            alarm.words,
            alarm.since,
            reverse(_PLACES[name]) if administers and name in _PLACES else "",
        )
        for name, alarm in alarms().items()
    ]
