"""The first step of every mail: into the ledger, as it is, committed, before anybody tries to understand it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from channels_email.enums import Door, RawState
from channels_email.events import RawEmailStored
from channels_email.models import Mailbox, RawEmail
from foundation import bus, clock, fault
from foundation.insert import insert

FIRST_SWEEP = timedelta(seconds=60)  # a mail that is still not understood by then was forgotten by somebody


@dataclass(frozen=True, kw_only=True)
class Origin:
    """How a mail came: by which door, from where (host or file), and what its envelope said, if it had one.

    With a `receipt`, a second mail of the same door and receipt raises IntegrityError: the same request came twice.
    """

    door: Door
    mailbox: Mailbox | None = None
    source: str = ""
    sender: str | None = None
    recipients: Sequence[str] = ()
    uidvalidity: int | None = None
    uid: int | None = None
    receipt: str | None = None


def take_in(content: bytes, origin: Origin, *, announce: bool = True) -> RawEmail:
    """Stores the raw mail and returns when that is committed; from then on it is ours and cannot be lost.

    `announce`: a worker understands it next; without, the caller does so itself. Raises OperationalError or
    InterfaceError when the database is away: nothing was taken, and the sender must be told to try again.
    """
    raw = _row(origin, size=len(content))
    raw.sha256 = hashlib.sha256(content).hexdigest()
    raw.content = content
    raw.retry_at = raw.received_at + FIRST_SWEEP
    fault.point(f"intake.{origin.door.value}.before_commit")
    if announce:
        bus.publish_with([raw], RawEmailStored(raw=raw.pk))
    else:
        with transaction.atomic():
            insert([raw])
    fault.point(f"intake.{origin.door.value}.after_commit")
    return raw


def refuse(origin: Origin, *, size: int, reason: str) -> RawEmail:
    """Writes down that a mail of `size` bytes was turned away at the door, and why; its content is not ours."""
    raw = _row(origin, size=size)
    raw.state, raw.reason, raw.content = RawState.REFUSED, reason[:200], b""
    raw.save(force_insert=True)
    return raw


def _row(origin: Origin, *, size: int) -> RawEmail:
    return RawEmail(
        door=origin.door,
        mailbox=origin.mailbox,
        source=_storable(origin.source)[:400],
        sender=origin.sender if origin.sender is None else _storable(origin.sender)[:320],
        recipients=[_storable(address)[:320] for address in origin.recipients[:100]],
        uidvalidity=origin.uidvalidity,
        uid=origin.uid,
        receipt=origin.receipt,
        received_at=clock.now(),
        size=size,
    )


def _storable(text: str) -> str:
    """What a client said, as a database can hold it."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
