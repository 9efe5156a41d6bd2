"""A message as it stands in a case's story: who, to whom, what, with which files, and whether it arrived."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from agents.models import Agent
from desktop.presenters.bodies import Body, body_of
from desktop.presenters.invitations import InvitationView, invitation_of
from desktop.presenters.links import link
from desktop.presenters.remarks import remarks_of
from desktop.presenters.trust import BlockView, block_view, trust_of, warning_of
from desktop.presenters.words import DELIVERY, Face, Look, channel_look, face, size_words
from interactions.domain.forward import STAYS_INSIDE
from interactions.domain.timeline import FILES
from interactions.enums import DeliveryState, Direction, Disposition, MessageKind, Party
from interactions.models import AddressLine, Attachment, Case, Delivery, Interaction, Message


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
    recipients: Sequence[tuple[str, Look, str]]


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
    more_files_url: str
    warning: str
    delivery: DeliveryView | None
    elsewhere: str
    elsewhere_url: str
    forward_url: str
    forward_word: str
    remarks: Sequence[Look] = ()
    invitation: InvitationView | None = None
    trust: Look | None = None
    block: BlockView | None = None
    first_new: bool = False
    template: str = "desktop/case/_message.html"

    @property
    def folded(self) -> bool:
        """Only its head is shown: another case's message, and an acknowledgement with which nothing is wrong."""
        wrong = self.delivery is not None and self.delivery.look.value in _WRONG
        return bool(self.elsewhere) or (self.mark == _ACKNOWLEDGEMENT and not wrong)


_ACKNOWLEDGEMENT = "Acknowledgement"
_WRONG = {DeliveryState.FAILED.value, DeliveryState.UNKNOWN.value}


def entry_of(agent: Agent, case: Case, message: Message, blocked: Collection[str] | None = None) -> Entry:
    """`blocked` are the blocked senders of the story, None when `agent` may not block any."""
    name = _author(case, message)
    elsewhere = message.case if message.case_id != case.pk else None
    files: list[Attachment] = message.first_files  # type: ignore[attr-defined]  # set by the timeline
    body = body_of(message, files)
    return Entry(
        id=message.pk,
        tone="other" if elsewhere else _tone(message),
        name="You" if message.author_id == agent.pk else name,
        face=face(name),
        channel=channel_look(message.channel),
        mark=_mark(message),
        recipients=_recipients(message),
        at=message.occurred_at,
        body=body,
        remarks=remarks_of(message, body, files),
        invitation=invitation_of(message),
        files=[file_chip(file) for file in files[:FILES] if not file.inline],
        more_files_url=link("desktop:message_files", message.pk) if len(files) > FILES else "",
        warning=warning_of(message),
        delivery=_delivery(message),
        elsewhere=f"#{elsewhere.number} {elsewhere.subject}" if elsewhere else "",
        elsewhere_url=link("desktop:case", elsewhere.pk) if elsewhere else "",
        forward_url=f"{reverse('desktop:forwards', args=[case.pk])}?message={message.pk}"
        if not elsewhere and message.kind not in STAYS_INSIDE
        else "",
        forward_word="Answer them" if message.party == Party.THIRD_PARTY else "Forward",
        trust=trust_of(message),
        block=block_view(message, blocked),
    )


def _author(case: Case, message: Message) -> str:
    """Who wrote it; a sender who gave no name is called as the record of the case's customer says."""
    if not message.sender_name and message.party == Party.CUSTOMER and message.customer_id in _known_as(case):
        return case.customer.root.name or message.sender_address
    return message.sender_name or message.sender_address or "Unknown sender"


def _known_as(case: Case) -> set[UUID]:
    return {case.customer_id, case.customer.root_id}


def _tone(message: Message) -> str:
    if message.kind == MessageKind.NOTE:
        return "note"
    if message.kind == MessageKind.FORWARD or message.party == Party.THIRD_PARTY:
        return "aside"
    return "theirs" if message.direction == Direction.INBOUND else "ours"


def _mark(message: Message) -> str:
    if message.kind == MessageKind.NOTE:
        return "Internal note"
    if message.kind == MessageKind.FORWARD:
        return "To a third party"
    if message.party == Party.THIRD_PARTY:
        return "Third party"
    if message.kind == MessageKind.LOG:
        return "Logged by hand"
    if message.kind == MessageKind.ACKNOWLEDGEMENT:
        return _ACKNOWLEDGEMENT
    return "Automatic" if message.automatic or message.kind == MessageKind.AUTOMATIC else ""


def _recipients(message: Message) -> str:
    if message.kind == MessageKind.NOTE:
        return "only colleagues see this"
    if message.kind == MessageKind.LOG and message.interaction:
        return _contact_words(message.interaction)
    words = f"to {short_addresses(message.to)}" if message.to else message.sender_address
    words = f"{words}, copy {short_addresses(message.cc)}" if message.cc else words
    return f"{words}, hidden copy {short_addresses(message.bcc)}" if message.bcc else words


def _contact_words(contact: Interaction) -> str:
    """What a logged contact was: who began, how long it took, what it came to."""
    began = "they came to us" if contact.direction == Direction.INBOUND else "we went to them"
    ended = contact.ended_at or contact.started_at
    minutes = round((ended - contact.started_at).total_seconds() / 60)
    came_to = Disposition(contact.disposition).label.lower() if contact.disposition else ""
    return ", ".join(part for part in (began, f"{minutes} min", came_to) if part)


def short_addresses(lines: Sequence[AddressLine]) -> str:
    shown = [line["address"] for line in lines[:2]]
    more = len(lines) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def file_chip(file: Attachment) -> FileChip:
    kind = file.content_type.split("/")[0]
    icon = {"image": "photo", "text": "file-text"}.get(kind, "file-zip" if "zip" in file.content_type else "file")
    return FileChip(file.pk, link("desktop:attachment", file.pk), file.filename or "File", size_words(file.size), icon)


def _delivery(message: Message) -> DeliveryView | None:
    if message.direction != Direction.OUTBOUND:
        return None
    delivery: Delivery | None = getattr(message, "delivery", None)
    if delivery is None:
        return None
    state = DeliveryState(delivery.state)
    rows = list(delivery.recipients.all())
    partly = state == DeliveryState.SENT and any(row.state == DeliveryState.FAILED for row in rows)
    again = state in {DeliveryState.FAILED, DeliveryState.UNKNOWN} or partly
    said = again or state == DeliveryState.DELAYED or (state == DeliveryState.QUEUED and delivery.attempts)
    apart = any(row.state != state for row in rows)
    told_of_each = apart and any(row.answer for row in rows)
    return DeliveryView(
        look=DELIVERY[state],
        answer=delivery.answer if said and not told_of_each else "",
        held_until=delivery.due_at if state == DeliveryState.HELD else None,
        resend_url=link("desktop:resending", delivery.pk) if again else "",
        recipients=[(row.address, DELIVERY[DeliveryState(row.state)], row.answer) for row in rows] if apart else [],
    )
