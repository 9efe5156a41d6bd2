"""A case's story as entries: days, messages, notes, lines of what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from agents.models import Agent
from desktop.domain.story import Story
from desktop.presenters.bodies import Body, body_of
from desktop.presenters.words import DELIVERY, Face, Look, channel_look, face, size_words, status_look
from interactions.enums import CaseStatus, ChangeKind, DeliveryState, Direction, MessageKind, Party
from interactions.models import AddressLine, Attachment, Case, Change, Delivery, Message


@dataclass(frozen=True)
class Day:
    at: datetime
    template: str = "desktop/case/_day.html"


@dataclass(frozen=True)
class NewLine:
    """From here on the reader has not seen it."""

    template: str = "desktop/case/_new.html"


@dataclass(frozen=True)
class FactLine:
    icon: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Facts:
    """What changed, line by line; many in a row are folded under their number."""

    key: str
    lines: Sequence[FactLine]
    template: str = "desktop/case/_facts.html"

    @property
    def folded(self) -> bool:
        return len(self.lines) > 2


@dataclass(frozen=True)
class FileChip:
    id: UUID
    url: str
    name: str
    size: str
    icon: str


@dataclass(frozen=True)
class DeliveryView:
    look: Look
    answer: str
    held_until: datetime | None
    resend_url: str


@dataclass(frozen=True)
class Entry:
    """A message as it stands in the timeline. `elsewhere` names the other case that it belongs to, '' for this one."""

    id: UUID
    tone: str
    name: str
    face: Face
    channel: Look
    mark: str
    recipients: str
    at: datetime
    body: Body
    files: Sequence[FileChip]
    warning: str
    delivery: DeliveryView | None
    elsewhere: str
    elsewhere_url: str
    first_new: bool = False
    template: str = "desktop/case/_message.html"


Item = Day | NewLine | Facts | Entry


@dataclass(frozen=True)
class Timeline:
    items: Sequence[Item]
    url: str
    streams: str
    earlier_url: str
    last_inbound: str
    last_inbound_name: str
    complete: bool = field(default=True)


def timeline_view(agent: Agent, case: Case, story: Story, seen: datetime | None, inbound: Message | None) -> Timeline:
    url = reverse("desktop:timeline", args=[case.pk])
    return Timeline(
        items=_items(agent, case, story, seen),
        url=url,
        streams=f"case.{case.pk} customer.{case.customer_id}",
        earlier_url=f"{url}?{urlencode({'before': str(story.older)})}" if story.older else "",
        last_inbound=str(inbound.pk) if inbound else "",
        last_inbound_name=(inbound.sender_name or inbound.sender_address) if inbound else "",
    )


def _items(agent: Agent, case: Case, story: Story, seen: datetime | None) -> list[Item]:
    happened = sorted(
        [
            *((message.occurred_at, 1, message) for message in story.messages),
            *((change.created_at, 0, change) for change in story.changes),
        ],
        key=lambda item: (item[0], item[1], item[2].pk),
    )
    items: list[Item] = []
    day = None
    marked = seen is None
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
        items.append(entry_of(agent, case, thing))
    return items


def _add_fact(items: list[Item], change: Change) -> None:
    line = FactLine(_FACT_ICONS.get(ChangeKind(change.kind), "info-circle"), _fact(change), change.created_at)
    if items and isinstance(items[-1], Facts):
        items[-1] = Facts(items[-1].key, [*items[-1].lines, line])
    else:
        items.append(Facts(str(change.pk), [line]))


_FACT_ICONS = {
    ChangeKind.OPENED: "inbox",
    ChangeKind.STATUS: "circle-dot",
    ChangeKind.PRIORITY: "flag",
    ChangeKind.QUEUE: "stack-2",
    ChangeKind.OWNER: "user",
    ChangeKind.TAGGED: "tag",
    ChangeKind.UNTAGGED: "tag",
    ChangeKind.SUBJECT: "pencil",
    ChangeKind.PARTICIPANT: "user-plus",
}


def _fact(change: Change) -> str:
    """One change as a sentence: who did what, and why where it is known."""
    who = change.agent.name if change.agent else ""
    words = _FACTS[ChangeKind(change.kind)](who, change.before, change.after)
    return f"{words} ({change.reason})" if change.reason else words


def _status_fact(who: str, _: str, after: str) -> str:
    label = status_look(after).label if after in CaseStatus.values else after
    return f"{who} set the status to {label}" if who else f"Status: {label}"


def _owner_fact(who: str, before: str, after: str) -> str:
    if not after:
        return f"{before} is no longer the owner"
    if after == who or not who:
        return f"{after} took the case"
    return f"{who} gave the case to {after}"


def _said(verb: str) -> Callable[[str, str, str], str]:
    """`verb` with {before} and {after} in it, after the name of who did it."""

    def say(who: str, before: str, after: str) -> str:
        return f"{who or 'The contact center'} {verb.format(before=before or 'none', after=after)}"

    return say


_FACTS: dict[ChangeKind, Callable[[str, str, str], str]] = {
    ChangeKind.STATUS: _status_fact,
    ChangeKind.OWNER: _owner_fact,
    ChangeKind.OPENED: lambda who, _before, _after: f"{who} opened the case" if who else "The case was opened",
    ChangeKind.PARTICIPANT: lambda _who, _before, after: f"{after} takes part",
    ChangeKind.PRIORITY: _said("changed the priority from {before} to {after}"),
    ChangeKind.QUEUE: _said("moved the case from {before} to {after}"),
    ChangeKind.TAGGED: _said("added the tag {after}"),
    ChangeKind.UNTAGGED: _said("removed the tag {before}"),
    ChangeKind.SUBJECT: _said("changed the subject from {before}"),
}


def entry_of(agent: Agent, case: Case, message: Message) -> Entry:
    name = _author(case, message)
    elsewhere = message.case if message.case_id != case.pk else None
    files = list(message.attachments.all())
    return Entry(
        id=message.pk,
        tone="other" if elsewhere else _tone(message),
        name="You" if message.author_id == agent.pk else name,
        face=face(name),
        channel=channel_look(message.channel),
        mark=_mark(message),
        recipients=_recipients(message),
        at=message.occurred_at,
        body=body_of(message, files),
        files=[file_chip(file) for file in files if not file.inline],
        warning="This came from somebody who does not take part in the case. Check before you trust or answer it."
        if message.party == Party.STRANGER
        else "",
        delivery=_delivery(message),
        elsewhere=f"#{elsewhere.number} {elsewhere.subject}" if elsewhere else "",
        elsewhere_url=reverse("desktop:case", args=[elsewhere.pk]) if elsewhere else "",
    )


def _author(case: Case, message: Message) -> str:
    """Who wrote it; a sender who gave no name is called as the record of the case's customer says."""
    if not message.sender_name and message.party == Party.CUSTOMER and message.customer_id == case.customer_id:
        return case.customer.name or message.sender_address
    return message.sender_name or message.sender_address or "Unknown sender"


def _tone(message: Message) -> str:
    if message.kind == MessageKind.NOTE:
        return "note"
    return "theirs" if message.direction == Direction.INBOUND else "ours"


def _mark(message: Message) -> str:
    if message.kind == MessageKind.NOTE:
        return "Internal note"
    if message.kind == MessageKind.ACKNOWLEDGEMENT:
        return "Acknowledgement"
    return "Automatic" if message.automatic or message.kind == MessageKind.AUTOMATIC else ""


def _recipients(message: Message) -> str:
    if message.kind == MessageKind.NOTE:
        return "only colleagues see this"
    words = f"to {short_addresses(message.to)}" if message.to else message.sender_address
    return f"{words}, copy {short_addresses(message.cc)}" if message.cc else words


def short_addresses(lines: Sequence[AddressLine]) -> str:
    shown = [line["address"] for line in lines[:2]]
    more = len(lines) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def file_chip(file: Attachment) -> FileChip:
    kind = file.content_type.split("/")[0]
    icon = {"image": "photo", "text": "file-text"}.get(kind, "file-zip" if "zip" in file.content_type else "file")
    return FileChip(
        file.pk, reverse("desktop:attachment", args=[file.pk]), file.filename or "File", size_words(file.size), icon
    )


def _delivery(message: Message) -> DeliveryView | None:
    if message.direction != Direction.OUTBOUND:
        return None
    delivery: Delivery | None = getattr(message, "delivery", None)
    if delivery is None:
        return None
    state = DeliveryState(delivery.state)
    again = state in {DeliveryState.FAILED, DeliveryState.UNKNOWN}
    said = again or (state == DeliveryState.QUEUED and delivery.attempts)
    return DeliveryView(
        look=DELIVERY[state],
        answer=delivery.answer if said else "",
        held_until=delivery.due_at if state == DeliveryState.HELD else None,
        resend_url=reverse("desktop:resending", args=[delivery.pk]) if again else "",
    )
