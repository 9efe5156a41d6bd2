"""The doors to the ledger and to the mailboxes: mails of everybody and passwords are the administrators' alone."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from agents.enums import Permission
from agents.models import Agent
from channels_email.models import Mailbox, MailboxTrial, RawEmail, Reprocessing
from foundation.streams import membership
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


@membership("mail")
def may_watch_mail(agent: Agent, key: str) -> bool:  # noqa: ARG001 - one kind of stream, whatever its key
    return agent.may(Permission.ADMINISTER)
