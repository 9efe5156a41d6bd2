"""What was left behind by somebody who died, and what can be tried again now."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db.models import Q

from channels_email.domain.process import LONGEST_PAUSE, NOT_THE_MAILS_FAULT, note_failure, postpone, process
from channels_email.enums import RawState
from channels_email.models import RawEmail
from foundation import clock

log = structlog.get_logger(__name__)


def overdue_mails(limit: int = 200) -> list[UUID]:
    """Raw mails that should be understood by now, oldest first."""
    now = clock.now()
    # further ahead than anything is ever put off: a clock that was wrong wrote that
    nonsense = Q(retry_at__gt=now + 2 * LONGEST_PAUSE)
    due = RawEmail.objects.filter(Q(retry_at__lte=now) | nonsense, state=RawState.RECEIVED).order_by("retry_at", "pk")
    return list(due.values_list("pk", flat=True)[:limit])


def sweep_mails() -> int:
    """Processes what is overdue, each mail for itself; how many were settled. Raises when the database is away.

    That a mail is tried is written down before: one that kills the process waits longer each time and ends in
    quarantine, and those behind it have their turn.
    """
    settled = 0
    for raw in overdue_mails():
        postpone(raw)
        try:
            settled += process(raw) is not None
        except NOT_THE_MAILS_FAULT as error:
            log.warning("a mail is put off", raw=str(raw), error=type(error).__name__)
            note_failure(raw, error)
    return settled
