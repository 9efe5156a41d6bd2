"""The doors to the ledger and to the mailboxes: mails of everybody and passwords are the administrators' alone. What
was held as spam is seen by those who would have had it.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from agents.enums import Permission
from agents.models import Agent
from channels_email.models import (
    BlockedSender,
    Mailbox,
    MailboxTrial,
    RawEmail,
    Reprocessing,
    SigningKey,
    SpamMail,
)
from foundation.streams import membership
from interactions.domain.access import visible_queues
from interactions.errors import NotAllowed


def administrator(agent: Agent) -> Agent:
    """The agent, when they administer. Raises NotAllowed."""
    if not agent.may(Permission.ADMINISTER):
        raise NotAllowed
    return agent


def readable_mails(agent: Agent) -> QuerySet[RawEmail]:
    """All mails of the ledger, without their content."""
    administrator(agent)
    return RawEmail.objects.defer("content")


def access_mail(agent: Agent, raw: UUID) -> RawEmail:
    """A mail of the ledger with its content. Raises NotAllowed, also when there is none."""
    administrator(agent)
    found = RawEmail.objects.select_related("mailbox", "case", "message").filter(pk=raw).first()
    if found is None:
        raise NotAllowed
    return found


def access_reprocessing(agent: Agent, job: UUID) -> Reprocessing:
    administrator(agent)
    found = Reprocessing.objects.filter(pk=job).first()
    if found is None:
        raise NotAllowed
    return found


def readable_mailboxes(agent: Agent) -> QuerySet[Mailbox]:
    administrator(agent)
    return Mailbox.objects.select_related("queue")


def access_mailbox(agent: Agent, mailbox: UUID) -> Mailbox:
    found = readable_mailboxes(agent).filter(pk=mailbox).first()
    if found is None:
        raise NotAllowed
    return found


def access_trial(agent: Agent, trial: UUID) -> MailboxTrial:
    administrator(agent)
    found = MailboxTrial.objects.select_related("mailbox").filter(pk=trial).first()
    if found is None:
        raise NotAllowed
    return found


def visible_spam(agent: Agent) -> QuerySet[SpamMail]:
    """What was marked as spam and nobody let through, of the queues whose cases `agent` may see."""
    held = SpamMail.objects.held()
    return held if agent.may(Permission.SEE_ALL_CASES) else held.filter(queue__in=visible_queues(agent).values("pk"))


def access_spam(agent: Agent, spam: UUID) -> SpamMail:
    """Raises NotAllowed, also where somebody has let it through."""
    found = visible_spam(agent).filter(pk=spam).first()
    if found is None:
        raise NotAllowed
    return found


def visible_blocks(agent: Agent) -> QuerySet[BlockedSender]:
    """Who is turned away, for those who may turn senders away. Raises NotAllowed."""
    if not agent.may(Permission.BLOCK_SENDERS):
        raise NotAllowed
    return BlockedSender.objects.select_related("blocked_by")


def readable_keys(agent: Agent) -> QuerySet[SigningKey]:
    administrator(agent)
    return SigningKey.objects.all()


def access_key(agent: Agent, key: UUID) -> SigningKey:
    found = readable_keys(agent).filter(pk=key).first()
    if found is None:
        raise NotAllowed
    return found


@membership("mail")
def may_watch_mail(agent: Agent, key: str) -> bool:  # noqa: ARG001 - one kind of stream, whatever its key
    return agent.may(Permission.ADMINISTER)
