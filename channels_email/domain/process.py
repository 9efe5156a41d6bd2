"""The second step of every mail: understood, filtered, threaded, handed to the case, and written down in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction

from channels_email.domain.acknowledge import plan_acknowledgement
from channels_email.domain.arrived import Arrived
from channels_email.domain.bounced import note_bounce
from channels_email.domain.filters import first_reason
from channels_email.domain.inbound import as_inbound, discard_files
from channels_email.domain.message_ids import remember
from channels_email.domain.own_addresses import AddressBook, NoMailbox, Place, read_address_book
from channels_email.domain.parse import parse
from channels_email.domain.parsed import ParsedEmail
from channels_email.domain.silence import silence
from channels_email.domain.thread import find_thread
from channels_email.enums import RawState
from channels_email.errors import Unreadable
from channels_email.models import RawEmail
from customers.errors import AddressUnusable
from foundation import clock
from interactions.domain.receive import Received, receive

LONGEST_PAUSE = timedelta(hours=1)
NOT_THE_MAILS_FAULT = (OperationalError, InterfaceError, OSError)
PATIENCE = 20  # attempts, the last some hours after the first; then it is the mail after all

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
        raw = RawEmail.objects.select_for_update(skip_locked=True, of=("self",)).select_related("mailbox").filter(
            pk=raw_id, state=RawState.RECEIVED
        ).first()  # fmt: skip
        if raw is None:
            return None
        received = None
        raw.attempts, raw.error = min(raw.attempts + 1, 32_000), ""
        try:
            with transaction.atomic():
                received = _understand(raw)
        except NOT_THE_MAILS_FAULT:
            raise
        except (Unreadable, AddressUnusable, NoMailbox) as error:
            _quarantine(raw, str(error))
        except Exception as error:
            log.exception("a mail was quarantined", raw=str(raw.pk))
            _quarantine(raw, "could not be understood", f"{type(error).__name__}: {error}")
        raw.retry_at = None
        raw.save(update_fields=["state", "reason", "error", "silence", "attempts", "retry_at", "message", "case"])
    return Processed(raw, received)


def postpone(raw_id: UUID, error: Exception) -> None:
    """After a failure that was not the mail's fault: tried again after a pause that doubles up to an hour."""
    with transaction.atomic():
        raw = RawEmail.objects.select_for_update().defer("content").filter(pk=raw_id, state=RawState.RECEIVED).first()
        if raw is not None:
            raw.attempts = min(raw.attempts + 1, 32_000)
            raw.error = f"{type(error).__name__}: {error}"[:2000]
            if raw.attempts >= PATIENCE:
                raw.state, raw.reason = RawState.QUARANTINED, "failed again and again"
            raw.retry_at = clock.now() + min(timedelta(seconds=15) * 2.0 ** min(raw.attempts, 12), LONGEST_PAUSE)
            raw.save(update_fields=["state", "reason", "attempts", "error", "retry_at"])


def take_up_again(raw_id: UUID) -> bool:
    """Puts a quarantined or ignored mail back, to be processed anew; False when it is neither."""
    return bool(
        RawEmail.objects.filter(pk=raw_id, state__in=(RawState.QUARANTINED, RawState.IGNORED)).update(
            state=RawState.RECEIVED, reason="", error="", retry_at=clock.now()
        )
    )


def _understand(raw: RawEmail) -> Received | None:
    mail = parse(bytes(raw.content))
    book = read_address_book()
    author = mail.author.address if mail.author else ""
    arrived = Arrived(
        mail=mail,
        book=book,
        thread=find_thread(mail, raw.recipients, author),
        return_path=raw.sender if raw.sender is not None else mail.return_path,
    )
    reason = first_reason(arrived)
    if reason:
        raw.state, raw.reason = RawState.IGNORED, reason
        raw.case_id = note_bounce(mail.bounce) if mail.bounce else arrived.thread.case if arrived.thread else None
        return None
    raw.silence = silence(arrived)
    return _hand_over(raw, arrived, _place(raw, mail, book))


def _hand_over(raw: RawEmail, arrived: Arrived, place: Place) -> Received:
    inbound = as_inbound(arrived, place, raw.received_at)
    try:
        received = receive(inbound)
    except BaseException:
        discard_files(inbound)
        raise
    raw.message, raw.case_id = received.message, received.message.case_id
    if received.duplicate:
        discard_files(inbound)
        raw.state, raw.reason = RawState.DUPLICATE, "the same mail was received before"
        return received
    raw.state = RawState.MESSAGE
    remember(received.message, arrived.mail.message_id, ours=False)
    if received.opened and not raw.silence:
        plan_acknowledgement(received.message)
    return received


def _place(raw: RawEmail, mail: ParsedEmail, book: AddressBook) -> Place:
    """The envelope says best whom a mail is for, then the fields that servers and authors wrote."""
    named = [*raw.recipients, *mail.delivered_to, *(box.address for box in (*mail.to, *mail.cc))]
    if raw.mailbox is not None:
        own = [place for address in named if (place := book.place_of(address)) and place.mailbox == raw.mailbox]
        return own[0] if own else Place(raw.mailbox, raw.mailbox.queue_id)
    place = book.find(named) or book.first
    if place is None:
        raise NoMailbox("There is no mailbox in use that this mail could belong to.")
    return place


def _quarantine(raw: RawEmail, reason: str, error: str = "") -> None:
    raw.state, raw.reason = RawState.QUARANTINED, reason[:200]
    raw.error = error.replace("\x00", "")[:4000]
    raw.message = raw.case = None
