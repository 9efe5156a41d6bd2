"""The composer: what the agent is writing, to whom it will go, and what was just sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from agents.models import Agent
from customers.enums import IdentityKind
from desktop.domain.typed_addresses import Typed, read_addresses
from desktop.presenters.bodies import to_addresses
from desktop.presenters.entry import FileChip, file_chip, short_addresses
from desktop.presenters.said import said_words
from foundation.kept_queries import kept_query
from foundation.keys import new_key
from interactions.domain.recipient_rows import first_time
from interactions.domain.recipients import Recipients
from interactions.domain.reply import sign
from interactions.enums import DeliveryState, Direction, DraftKind
from interactions.models import AddressLine, Attachment, Case, Delivery, Draft, Message


@dataclass(frozen=True)
class Undo:
    url: str
    until: datetime
    since: datetime
    to: str


@dataclass(frozen=True)
class Overtaking:
    """Something was said while the agent was writing."""

    message: str
    words: str
    at: datetime


@dataclass(frozen=True)
class ComposerView:
    """`submission` is this form's key: sent twice, it has its effect once. `status`: what Send was to set it to.
    `unread` are the fields for addresses in which something stands that is no address.
    """

    case: UUID
    kind: str
    to: str
    cc: str
    bcc: str
    to_short: str
    cc_count: int
    first_time: Sequence[str]
    unread: Sequence[str]
    addresses_open: bool
    reply_html: str
    note_html: str
    reply_version: int
    note_version: int
    reply_draft: str
    note_draft: str
    files: Sequence[FileChip]
    files_url: str
    signature: str
    seen: str
    undo: Undo | None
    error: str
    submission: UUID
    overtaken: Overtaking | None
    status: str
    saved_at: datetime | None
    focus: bool
    letter: str
    discard_url: str


@kept_query
def _drafts(*, case: UUID, agent: UUID) -> QuerySet[Draft]:
    return Draft.objects.filter(case=case, agent=agent)


def composer_view(
    agent: Agent,
    case: Case,
    *,
    derived: Recipients,
    last: Message | None,
    kind: str = DraftKind.REPLY.value,
    error: str = "",
    typed: str = "",
    addresses: Mapping[str, str] | None = None,
    overtaken: Message | None = None,
    status: str = "",
    focus: bool = False,
    story: Sequence[Message] | None = None,
    letter: str = "",
) -> ComposerView:
    """`typed` and `addresses` (text by field) are what was just sent in and could not go out.

    `story` is the newest page of messages, where it was read: what is held for undo stands there. `letter` is what the
    addresses of a letter without a case end with.
    """
    drafts = {draft.kind: draft for draft in _drafts(case=case.pk, agent=agent.pk)}
    reply, note = drafts.get(DraftKind.REPLY), drafts.get(DraftKind.NOTE)
    fields = _addresses(reply, derived, addresses)
    read = {name: read_addresses(text) for name, text in fields.items()}
    to, copies = _shown(read["to"]), [*_shown(read["cc"]), *_shown(read["bcc"])]
    new = first_time(IdentityKind.EMAIL, _unheard([line for one in read.values() for line in one.lines], story or ()))
    unread = [name for name, one in read.items() if one.unread]
    return ComposerView(
        case=case.pk,
        kind=kind,
        **fields,
        to_short=short_addresses(to),
        cc_count=len(copies),
        first_time=new,
        unread=unread,
        addresses_open=bool(unread or (error and (new or not to))),
        reply_html=_body(reply, typed if kind == DraftKind.REPLY else ""),
        note_html=_body(note, typed if kind == DraftKind.NOTE else ""),
        reply_version=reply.version if reply else 0,
        note_version=note.version if note else 0,
        reply_draft=str(reply.pk) if reply else "",
        note_draft=str(note.pk) if note else "",
        files=draft_files([draft for draft in (reply, note) if draft]),
        files_url=reverse("desktop:files", args=[case.pk]) + letter,
        signature=" · ".join(sign(case.queue.brand.signature, agent, case.queue.brand.name).splitlines()),
        seen=str(last.pk) if last else "",
        submission=new_key(),
        undo=undo_of(agent, case, story),
        error=error,
        overtaken=Overtaking(str(overtaken.pk), said_words(overtaken), overtaken.created_at) if overtaken else None,
        status=status,
        saved_at=max((draft.saved_at for draft in drafts.values() if draft.html), default=None),
        focus=focus,
        letter=letter,
        discard_url=_discard_url(agent, case, letter) if story is not None and not story else "",
    )


def _addresses(reply: Draft | None, derived: Recipients, sent_in: Mapping[str, str] | None) -> dict[str, str]:
    """What stands in the fields: what was sent in, else the draft's as it was typed, else whom an answer goes to."""
    names = ("to", "cc", "bcc")
    for typed in (sent_in or {}, reply.typed if reply else {}):
        if any(typed.get(name) for name in names):
            return {name: typed.get(name, "") for name in names}
    whose = reply if reply and (reply.to or reply.cc) else derived
    return {"to": written(whose.to), "cc": written(whose.cc), "bcc": written(reply.bcc if reply else [])}


def _shown(typed: Typed) -> list[AddressLine]:
    return [*typed.lines, *({"name": "", "address": piece} for piece in typed.unread)]


def _unheard(lines: Sequence[AddressLine], story: Sequence[Message]) -> list[AddressLine]:
    """Those of the addresses that no message of the story came from: who wrote here is not written to first."""
    wrote = {message.sender_address.lower() for message in story if message.direction == Direction.INBOUND}
    return [line for line in lines if line["address"].strip().lower() not in wrote]


def _discard_url(agent: Agent, case: Case, letter: str) -> str:
    """Where a letter that was never sent is thrown away: by whom it is, nobody having said anything in its case."""
    mine = bool(letter) or case.owner_id == agent.pk
    return reverse("desktop:discarding", args=[case.pk]) + letter if mine else ""


def _body(draft: Draft | None, typed: str) -> str:
    """What stands in the editor: what was typed and could not be sent, else the draft."""
    return typed or (to_addresses(draft.html) if draft else "")


def draft_files(drafts: Sequence[Draft]) -> list[FileChip]:
    files = Attachment.objects.filter(draft__in=drafts, inline=False)
    return [file_chip(file) for file in files]


def written(lines: Sequence[AddressLine]) -> str:
    """Addresses as one types them."""
    return ", ".join(line["address"] for line in lines)


def undo_of(agent: Agent, case: Case, story: Sequence[Message] | None = None) -> Undo | None:
    """The answer of this agent that is still held and may be taken back."""
    held: Delivery | None
    if story is None:
        mine = Delivery.objects.filter(case=case, requested_by=agent, state=DeliveryState.HELD, attempts=0)
        held = mine.select_related("message").order_by("-created_at").first()
    else:
        held = _held_in(story, agent, case)
    if held is None:
        return None
    url = reverse("desktop:withdrawal", args=[held.pk])
    return Undo(url, held.due_at, held.created_at, short_addresses(held.message.to))


def _held_in(story: Sequence[Message], agent: Agent, case: Case) -> Delivery | None:
    for message in reversed(story):
        delivery: Delivery | None = getattr(message, "delivery", None)
        if delivery is None or message.case_id != case.pk or delivery.requested_by_id != agent.pk:
            continue
        if delivery.state == DeliveryState.HELD and delivery.attempts == 0:
            return delivery
    return None
