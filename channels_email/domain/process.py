"""The second step of every mail: understood, handed to its case, and written down in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction

from agents.models import Agent
from channels_email.domain.parse import parse
from channels_email.domain.understand import Letter, Outcome, discard, understand
from channels_email.enums import RawState
from channels_email.errors import Unreadable
from channels_email.models import RawEmail, SpamMail
from foundation import clock
from foundation.cpu_limit import TookTooLong, cpu_limit
from interactions.domain.receive import Received

LONGEST = 30.0  # seconds of CPU time to understand one mail; the largest that people write take a tenth
LONGEST_PAUSE = timedelta(hours=1)
NOT_THE_MAILS_FAULT = (OperationalError, InterfaceError, OSError)
PATIENCE = 20  # attempts, the last some hours after the first; then it is the mail after all
PORTION_MAILS = 100
PORTION_BYTES = 16 * 1024 * 1024  # of raw mail that is read and understood together; a larger one is alone

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Processed:
    """The ledger row as it stands now, and what the case made of the mail where it became a message."""

    raw: RawEmail
    received: Received | None = None


def process(raw_id: UUID) -> Processed | None:
    """Makes a message of a raw mail, or writes down why not; None when somebody else does or did.

    Whatever the mail does to us, it ends in quarantine with the error, and the next one goes on. Raises only what is
    not the mail's fault (the database or the disk is away): then the mail stays `received` and is tried again.
    """
    with transaction.atomic():
        return next(iter(process_all([raw_id])), None)


def process_all(raw_ids: Sequence[UUID]) -> list[Processed]:
    """Each as `process` would, in the order of their arrival, with few statements for all; one transaction, or the
    caller's, which must then be undone when this raises: all of them stay as they are.

    A mail that harms is found by trying each alone, and harms no other.
    """
    done: list[Processed] = []
    kept: list[Outcome] = []
    with transaction.atomic(savepoint=False):
        try:
            for portion in _portions(raw_ids):
                raws = _claim(portion)
                outcomes = _outcomes(raws)
                kept += outcomes
                done += [_noted(raw, outcome) for raw, outcome in zip(raws, outcomes, strict=True)]
                if raws:
                    RawEmail.objects.settle(raws)
                    SpamMail.objects.bulk_create(
                        [outcome.spam for outcome in outcomes if outcome.spam], ignore_conflicts=True
                    )
        except BaseException:
            discard(kept)
            raise
    return done


def postpone(raw_id: UUID) -> None:
    """Puts off a mail that is tried or has failed, by a pause that doubles up to an hour, until patience is over."""
    with transaction.atomic():
        raw = RawEmail.objects.select_for_update().defer("content").filter(pk=raw_id, state=RawState.RECEIVED).first()
        if raw is not None:
            raw.attempts = min(raw.attempts + 1, 32_000)
            if raw.attempts >= PATIENCE:
                raw.state, raw.reason = RawState.QUARANTINED, "failed again and again"
            raw.retry_at = clock.now() + min(timedelta(seconds=15) * 2.0 ** min(raw.attempts, 12), LONGEST_PAUSE)
            raw.save(update_fields=["state", "reason", "attempts", "retry_at"])


def note_failure(raw_id: UUID, error: Exception) -> None:
    """Writes down why a mail that waits to be tried again has failed."""
    words = f"{type(error).__name__}: {error}"[:2000]
    RawEmail.objects.filter(pk=raw_id, state=RawState.RECEIVED).update(error=words)


def take_up_again(raw_id: UUID, by: Agent | None = None) -> bool:
    """Puts a quarantined or ignored mail back, to be processed anew; one marked as spam is let through by that. False
    when it is none of these.
    """
    asked = RawEmail.objects.filter(pk=raw_id)
    again = {"state": RawState.RECEIVED, "reason": "", "error": "", "retry_at": clock.now()}
    with transaction.atomic():
        if asked.filter(state=RawState.SPAM).update(**again, let_through=True):
            SpamMail.objects.held().filter(raw=raw_id).update(let_through_at=clock.now(), let_through_by=by)
            return True
    return bool(asked.filter(state__in=(RawState.QUARANTINED, RawState.IGNORED)).update(**again))


def _portions(raw_ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    """In the order of their arrival; so many at once as the memory holds, whatever somebody sends us."""
    if len(raw_ids) == 1:
        yield list(raw_ids)
        return
    portion: list[UUID] = []
    held = 0
    waiting = RawEmail.objects.filter(pk__in=raw_ids, state=RawState.RECEIVED).order_by("received_at", "pk")
    for raw, size in list(waiting.values_list("pk", "size")):
        if portion and (len(portion) == PORTION_MAILS or held + size > PORTION_BYTES):
            yield portion
            portion, held = [], 0
        portion.append(raw)
        held += size
    if portion:
        yield portion


def _claim(portion: Sequence[UUID]) -> list[RawEmail]:
    free = RawEmail.objects.select_for_update(skip_locked=True)
    return list(free.filter(pk__in=portion, state=RawState.RECEIVED).order_by("received_at", "pk"))


def _outcomes(raws: Sequence[RawEmail]) -> list[Outcome]:
    """Of each. All together; where that fails, each alone, so that the one at fault is known."""
    found: dict[UUID, Outcome] = {}
    letters: list[Letter] = []
    for raw in raws:
        read = _read(raw)
        if isinstance(read, Letter):
            letters.append(read)
        else:
            found[raw.pk] = read
    found |= {letter.raw.pk: outcome for letter, outcome in zip(letters, _together(letters), strict=True)}
    return [found[raw.pk] for raw in raws]


def _together(letters: Sequence[Letter]) -> list[Outcome]:
    if len(letters) > 1:
        try:
            with transaction.atomic():
                return understand(letters)
        except NOT_THE_MAILS_FAULT:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, each is now tried alone
            log.warning("mails are tried one by one", mails=len(letters), error=type(error).__name__)
    return [_alone(letter) for letter in letters]


def _read(raw: RawEmail) -> Letter | Outcome:
    try:
        with cpu_limit(LONGEST):
            return Letter(raw, parse(bytes(raw.content)))
    except Unreadable as error:
        return Outcome(state=RawState.QUARANTINED, reason=str(error)[:200])
    except TookTooLong as error:
        return Outcome(state=RawState.QUARANTINED, reason=f"took too long to understand: {error}")
    except NOT_THE_MAILS_FAULT:
        raise
    except Exception as error:  # noqa: BLE001 - strangers' bytes; the mail is kept with what went wrong
        return _at_fault(raw, error)


def _alone(letter: Letter) -> Outcome:
    try:
        with transaction.atomic():
            return understand([letter])[0]
    except NOT_THE_MAILS_FAULT:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        return _at_fault(letter.raw, error)


def _at_fault(raw: RawEmail, error: Exception) -> Outcome:
    log.error("a mail was quarantined", raw=str(raw.pk), exc_info=error)
    said = f"{type(error).__name__}: {error}".replace("\x00", "")[:4000]
    return Outcome(state=RawState.QUARANTINED, reason="could not be understood", error=said)


def _noted(raw: RawEmail, outcome: Outcome) -> Processed:
    raw.attempts, raw.retry_at = min(raw.attempts + 1, 32_000), None
    raw.state, raw.reason, raw.error, raw.silence = outcome.state, outcome.reason, outcome.error, outcome.silence
    raw.message = outcome.received.message if outcome.received else None
    raw.case_id = outcome.case
    return Processed(raw, outcome.received)
