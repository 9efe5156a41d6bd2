"""To a third party: a message of a case is shown to somebody outside it, whose answer comes back into the case.

It is between us and the third party: not of the customer's history, never quoted to the customer, and it neither
answers the customer nor ends what waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from agents.models import Agent
from customers.domain.merge import members
from customers.enums import IdentityKind
from customers.models import Identity
from foundation import clock, markup
from interactions.channel import channel_for
from interactions.domain.participants import known_side
from interactions.domain.recipient_rows import normal_form
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.domain.status import lock_case
from interactions.enums import ChannelName, Direction, MessageKind, Party
from interactions.errors import CannotReply
from interactions.models import AddressLine, Attachment, Case, Interaction, Message, Participant

STAYS_INSIDE = (MessageKind.NOTE, MessageKind.LOG)


def forward(
    message: Message,
    *,
    to: Sequence[AddressLine],
    comment: str,
    author: Agent,
    files: Sequence[UUID] = (),
    draft: UUID | None = None,
    channel: str = ChannelName.EMAIL.value,
) -> Message:
    """Sends `message` with the comment (text) and some of its files to a third party, held for undo like an answer.

    A message that came from a third party is answered instead, quoted as usual. Raises CannotReply for a note, for the
    customer's own addresses, for who takes part in the case anyway, and for whatever an answer is refused for.
    """
    if message.case_id is None or message.kind in STAYS_INSIDE:
        raise CannotReply("Notes stay inside.")
    if not comment.strip():
        raise CannotReply("Say what you want of them; they do not know the case.")
    kind = channel_for(channel).identity_kind
    back = message.party == Party.THIRD_PARTY
    with transaction.atomic():
        case = lock_case(message.case_id)
        values = {normal_form(kind, line["address"]) for line in to}
        _check(case, kind, values)
        sent = reply(
            case.pk,
            channel=channel,
            recipients=Recipients(to=list(to)),
            html=markup.from_text(comment),
            author=author,
            kind=MessageKind.FORWARD,
            subject=message.subject or case.subject,
            answers=message if back else None,
            quotes=back,
            status=None,
            draft=draft,
        )
        Participant.objects.filter(case=case, kind=kind, address__in=values).update(third_party=True)
        if back:
            Interaction.objects.filter(messages=message, answered_at=None).update(answered_at=clock.now())
        else:
            _leave_customer_out(sent, message)
            _take_files(sent, message, files)
        return sent


def _check(case: Case, kind: str, values: set[str]) -> None:
    theirs = Identity.objects.filter(customer__in=members(case.customer_id), kind=IdentityKind(kind), value__in=values)
    own = theirs.first()
    if own is not None:
        raise CannotReply(f"{own.shown} is the customer's own address. Reply instead.")
    taking_part = known_side(case, kind).filter(address__in=values).first()
    if taking_part is not None:
        raise CannotReply(f"{taking_part.address} takes part in the case already. Copy them on a reply instead.")


def _leave_customer_out(sent: Message, message: Message) -> None:
    sent.forwards, sent.customer = message, None
    sent.save(update_fields=["forwards", "customer"])
    Interaction.objects.filter(messages=sent, direction=Direction.OUTBOUND).update(customer=None)


def _take_files(sent: Message, message: Message, files: Sequence[UUID]) -> None:
    """The files go along as rows of their own over the same stored content."""
    chosen = list(Attachment.objects.filter(message=message, pk__in=files))
    if len(chosen) != len(set(files)):
        raise CannotReply("A file is not one of this message.")
    Attachment.objects.bulk_create(
        Attachment(
            message=sent,
            filename=file.filename,
            content_type=file.content_type,
            declared_type=file.declared_type,
            size=file.size,
            sha256=file.sha256,
            key=file.key,
            uploaded_by=sent.author,
        )
        for file in chosen
    )
