"""A letter that begins with us, before its first words: the case is opened with them, so that none stays empty."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db import transaction

from agents.models import Agent
from customers.domain.identify import identify
from customers.enums import IdentityKind
from interactions.domain.access import visible_queues
from interactions.domain.draft import own_draft
from interactions.domain.open import open_case
from interactions.domain.recipients import Recipients
from interactions.enums import ChannelName, DraftKind
from interactions.errors import NotAllowed
from interactions.models import Case, Queue

_SALT = "desktop.letter"


@dataclass(frozen=True)
class Letter:
    """To whom, in which queue's name, about what; `key` is the id that the case will have."""

    key: UUID
    queue: UUID
    to: str
    subject: str

    def sealed(self, agent: Agent) -> str:
        """The letter as a text that its page carries along; nobody else can use or change it."""
        kept = [str(self.key), str(self.queue), self.to, self.subject, str(agent.pk)]
        return signing.dumps(kept, salt=_SALT, compress=True)


def unsealed(text: str, agent: Agent, key: UUID) -> Letter:
    """What `sealed` gave to this agent for the case `key`. Raises NotAllowed for anything else."""
    try:
        kept, queue, to, subject, owner = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise NotAllowed from error
    if (kept, owner) != (str(key), str(agent.pk)):
        raise NotAllowed
    return Letter(key, UUID(queue), to, subject)


def begin(letter: Letter, agent: Agent) -> Case:
    """The case of the letter, opened now if it is not there; its draft is addressed. Twice, also at once, is once.

    Raises NotAllowed for a queue that the agent may not see (any more).
    """
    queue = visible_queues(agent).filter(pk=letter.queue).first()
    if queue is None:
        raise NotAllowed
    with transaction.atomic():
        whose = identify(IdentityKind.EMAIL, letter.to).owner
        case = open_case(
            letter.key,
            queue=queue,
            customer=whose,
            subject=letter.subject,
            channel=ChannelName.EMAIL.value,
            agent=agent,
        )
    draft = own_draft(case, agent, DraftKind.REPLY)
    if draft.version == 0 and not draft.to and not case.messages.exists():
        draft.to = [{"name": whose.root.name, "address": letter.to}]
        draft.save(update_fields=["to"])
    return case


def as_case(letter: Letter, queue: Queue) -> Case:
    """The case as it will be, for the page; it is in no table."""
    return Case(pk=letter.key, queue=queue, subject=letter.subject)


def recipients_of(letter: Letter) -> Recipients:
    return Recipients(to=[{"name": "", "address": letter.to}])
