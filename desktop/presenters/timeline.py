"""A case's story as entries: days, messages, notes, lines of what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from agents.models import Agent
from desktop.domain.story import Story
from desktop.presenters.entry import Entry, entry_of
from desktop.presenters.facts import Facts, fact_line
from desktop.presenters.links import link
from desktop.presenters.said import said_words
from desktop.presenters.trust import blocked_senders
from interactions.enums import Direction, MessageKind
from interactions.models import Case, Change, Message

INTAKE = timedelta(minutes=5)  # longest that a mail usually lies between our door and its case


@dataclass(frozen=True)
class Day:
    at: datetime
    template: str = "desktop/case/_day.html"


@dataclass(frozen=True)
class NewLine:
    """From here on the reader has not seen it."""

    template: str = "desktop/case/_new.html"


Item = Day | NewLine | Facts | Entry


@dataclass(frozen=True)
class Timeline:
    items: Sequence[Item]
    url: str
    streams: str
    earlier_url: str
    last_said: str
    last_said_words: str


def timeline_view(agent: Agent, case: Case, story: Story, seen: datetime | None, last: Message | None) -> Timeline:
    url = link("desktop:timeline", case.pk)
    return Timeline(
        items=_items(agent, case, story, seen),
        url=url,
        streams=f"case.{case.pk} customer.{case.customer.root_id}",
        earlier_url=f"{url}?{urlencode({'before': str(story.older)})}" if story.older else "",
        last_said=str(last.pk) if last else "",
        last_said_words=said_words(last) if last else "",
    )


def _items(agent: Agent, case: Case, story: Story, seen: datetime | None) -> list[Item]:
    happened = sorted(
        [
            *((message.occurred_at, 1, message) for message in story.messages),
            *((_place(change, story.messages), 0, change) for change in story.changes),
        ],
        key=lambda item: (item[0], item[1], item[2].pk),
    )
    items: list[Item] = []
    day = None
    marked = seen is None
    blocked = blocked_senders(agent, story.messages)
    for at, _, thing in happened:
        local = timezone.localtime(at)
        if local.date() != day:
            day = local.date()
            items.append(Day(at))
        if isinstance(thing, Change):
            _add_fact(items, thing)
            continue
        new = not marked and seen is not None and at > seen and thing.author_id != agent.pk
        if new and thing.kind in {MessageKind.MESSAGE, MessageKind.NOTE}:
            marked = True
            items.append(NewLine())
        items.append(entry_of(agent, case, thing, blocked))
    return items


def _place(change: Change, messages: Sequence[Message]) -> datetime:
    """When a change stands in the story: what the house did by itself before it had a mail stands before that mail.

    Mails count from when they came to our door, and some that came together are worked off one after the other.
    """
    at = change.created_at
    if change.agent_id is not None:
        return at
    later = (
        message.occurred_at
        for message in messages
        if message.case_id == change.case_id
        and message.direction == Direction.INBOUND
        and message.kind != MessageKind.LOG
        and message.created_at > at
        and at - INTAKE <= message.occurred_at
    )
    return min(at, min(later, default=at))


def _add_fact(items: list[Item], change: Change) -> None:
    line = fact_line(change)
    if items and isinstance(items[-1], Facts):
        items[-1] = Facts(items[-1].key, [*items[-1].lines, line])
    else:
        items.append(Facts(str(change.pk), [line]))
