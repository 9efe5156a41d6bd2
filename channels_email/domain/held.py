"""What was marked as spam, for those who would have had it: how much lies there, a page of it, and letting through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from agents.models import Agent
from channels_email.domain.access import access_spam, visible_spam
from channels_email.domain.process import Processed
from channels_email.domain.reprocess import process_again
from channels_email.enums import SpamFilter
from channels_email.models import Mailbox, SpamMail
from foundation import clock
from interactions.domain.timeline import Cursor

PAGE = 30
LATELY = timedelta(days=7)
COUNT_LIMIT = 100


@dataclass(frozen=True)
class SpamPage:
    """Newest first; `older` is where the next page begins (None: there is none)."""

    mails: Sequence[SpamMail]
    older: Cursor | None


def list_spam(agent: Agent, before: Cursor | None = None, size: int = PAGE) -> SpamPage:
    found = visible_spam(agent).select_related("queue", "raw").defer("raw__content")
    if before is not None:
        found = found.filter(Q(received_at__lt=before.at) | Q(received_at=before.at, id__lt=before.id))
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return SpamPage(rows, Cursor(rows[-1].received_at, rows[-1].pk) if more else None)


def is_filtered() -> bool:
    """Whether a filter stands in front of any mailbox of ours: where none does, nothing is ever held."""
    return Mailbox.objects.active().exclude(spam_filter=SpamFilter.NONE).exists()


def count_lately(agent: Agent) -> int:
    """How many of the last week lie there, counted up to COUNT_LIMIT."""
    lately = visible_spam(agent).filter(received_at__gte=clock.now() - LATELY)
    return lately.order_by()[:COUNT_LIMIT].count()


def let_through(agent: Agent, spam: UUID) -> Processed | None:
    """The mail is taken in as if nothing had marked it; None when somebody else is just doing that.

    Raises NotAllowed for what is not the agent's to judge, also when it was let through before.
    """
    return process_again(access_spam(agent, spam).raw_id, agent)
