"""A form that was sent once has its effect once, however often and at whatever moments the browser sends it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from agents.models import Agent
from interactions.domain.status import lock_case
from interactions.errors import CannotReply
from interactions.models import Case, Message, Submission


@contextmanager
def submitting(case: UUID, agent: Agent, key: UUID) -> Iterator[Message | None]:
    """A transaction in which no other form of this case is taken; inside, what this very form has written already.

    The same form sent again meanwhile waits here, then finds that message.
    """
    with transaction.atomic():
        yield written_by(lock_case(case), agent, key)


def written_by(case: Case, agent: Agent | None, key: UUID | None) -> Message | None:
    """The message that this agent's form has become, if it has. On a locked case the answer stays true.

    Raises CannotReply when it has become one of another case.
    """
    if agent is None or key is None:
        return None
    found = Submission.objects.filter(agent=agent, key=key).select_related("message").first()
    if found is not None and found.case_id != case.pk:
        raise CannotReply("This form belongs to another case; load the page again.")
    return found.message if found else None


def remember(message: Message, case: Case, agent: Agent | None, key: UUID | None) -> None:
    """In the message's own transaction, on its locked case."""
    if agent is not None and key is not None:
        Submission.objects.create(key=key, agent=agent, case=case, message=message)
