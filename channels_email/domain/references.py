"""References and In-Reply-To (RFC 5322 section 3.6.4), rebuilt from the Message-IDs that are known of the case."""

from __future__ import annotations

from django.db.models import Q

from channels_email.domain.message_ids import is_presentable
from channels_email.models import KnownMessageId
from interactions.enums import MessageKind, Party
from interactions.models import Message

_ASIDE = Q(message__kind=MessageKind.FORWARD) | Q(message__party=Party.THIRD_PARTY)
MAX_REFERENCES = 10  # the first, which begins the thread, and the latest; longer chains break some servers


def answered_id(message: Message) -> str:
    """The Message-ID that the answered message came with; '' when we answer nothing, or it had none."""
    if message.answers_id is None:
        return ""
    known = KnownMessageId.objects.filter(message=message.answers_id).order_by("created_at").values_list("value")
    return next((value for (value,) in known if is_presentable(value)), "")


def references(message: Message, answered: str) -> list[str]:
    """The thread so far, oldest first, ending with the answered one. Strangers' mails are no part of it."""
    known = (
        KnownMessageId.objects.filter(case=message.case_id, message__occurred_at__lt=message.occurred_at)
        .exclude(message=message.pk)
        .exclude(message__party=Party.STRANGER)
        .filter(_ASIDE if message.kind == MessageKind.FORWARD else ~_ASIDE)
        .order_by("message__occurred_at", "pk")
        .values_list("value", flat=True)
    )
    chain = [value for value in dict.fromkeys(known) if is_presentable(value) and value != answered]
    if answered:
        chain.append(answered)
    return chain if len(chain) <= MAX_REFERENCES else [chain[0], *chain[1 - MAX_REFERENCES :]]
