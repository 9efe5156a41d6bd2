"""Internal notes: colleagues read them, customers never do."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from agents.models import Agent
from foundation import bus, markup
from interactions.domain.draft import claim_files, use_draft
from interactions.domain.status import lock_case
from interactions.domain.submission import remember, written_by
from interactions.enums import ChannelName, Direction, MessageKind, Party
from interactions.errors import CannotReply
from interactions.events import MessageWritten
from interactions.models import Case, Interaction, Message


def add_note(
    case: UUID,
    *,
    author: Agent,
    html: str,
    draft: UUID | None = None,
    attachments: Sequence[UUID] = (),
    submission: UUID | None = None,
) -> Message:
    """An internal note: seen by colleagues, never sent. Raises CannotReply when it is empty.

    With `submission`, the key of the form that was sent, a second call returns the first one's note.
    """
    body = markup.clean(html)
    text = markup.as_text(body)
    with transaction.atomic():
        locked = lock_case(case)
        if submission is not None and (written := written_by(locked, author, submission)):
            return written
        used = use_draft(draft, author)
        files = claim_files(attachments, author)
        if not text and not attachments:
            raise CannotReply("The note is empty.")
        message = Message.objects.create(
            case=locked,
            customer_id=locked.customer_id,
            channel=_last_channel(locked),
            direction=Direction.INTERNAL,
            kind=MessageKind.NOTE,
            party=Party.AGENT,
            author=author,
            sender_name=author.name,
            text=text,
            html=body,
            reply_text=text,
        )
        remember(message, locked, author, submission)
        files.update(message=message, draft=None)
        if used is not None:
            used.delete()
        locked.active_at = message.occurred_at
        locked.save(update_fields=["active_at"])
        bus.publish(
            MessageWritten(
                case=locked.pk,
                queue=locked.queue_id,
                interaction=None,
                message=message.pk,
                kind=MessageKind.NOTE.value,
                channel=message.channel,
                agent=author.pk,
            )
        )
        return message


def _last_channel(case: Case) -> str:
    last = Interaction.objects.filter(case=case).order_by("-started_at").values_list("channel", flat=True).first()
    return last or ChannelName.EMAIL
