"""Mail in by IMAP: what is new in a folder is stored, and only then marked as seen. BODY.PEEK reads without marking.

A mail is known by UIDVALIDITY and UID (RFC 9051 section 2.3.1.1). When a server begins a new UIDVALIDITY all UIDs mean
something else; then the last 30 days are read again and told apart by their content.
"""

from __future__ import annotations

import hashlib
import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from channels_email.adapter.oauth import access_token
from channels_email.domain.take_in import Origin, refuse, take_in
from channels_email.enums import Door, Security, SignIn
from channels_email.errors import SettingsUnfit
from channels_email.models import Mailbox, MailFolder, RawEmail
from foundation import clock, fault
from foundation.addresses import public_address

TIMEOUT = 60.0  # seconds for each answer of the server
IMPLICIT_TLS = 993  # RFC 8314 section 3.2
RESCAN = timedelta(days=30)

log = structlog.get_logger(__name__)


class _StartTls(MailBoxStartTls):
    """Leaves no connection open to a server that does not encrypt."""

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4(self._host, self._port, self._timeout)
        try:
            client.starttls(self._ssl_context)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
        return client


@contextmanager
def signed_in(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """A session with the mailbox's folder open. Raises OSError, imaplib's or imap_tools' errors."""
    session = connect(mailbox)
    try:
        sign_in(session, mailbox)
        session.folder.set(mailbox.imap_folder)
        yield session
    except BaseException:
        with suppress(OSError):
            session.client.shutdown()
        raise
    session.logout()


def connect(mailbox: Mailbox, *, timeout: float = TIMEOUT) -> BaseMailBox:
    """A session with the mailbox's server, protected as the mailbox says; `timeout` in seconds for each answer.

    Raises ForbiddenAddress, OSError, SettingsUnfit, imaplib's errors.
    """
    if mailbox.imap_port == IMPLICIT_TLS and mailbox.imap_security == Security.STARTTLS:
        raise SettingsUnfit("Port 993 is for TLS from the first byte.", "Choose that, or port 143 with STARTTLS.")
    public_address(mailbox.imap_host, mailbox.imap_port, by_name=True)
    where: dict[str, Any] = {"host": mailbox.imap_host, "port": mailbox.imap_port, "timeout": timeout}
    if mailbox.imap_security == Security.TLS:
        return MailBox(ssl_context=ssl.create_default_context(), **where)
    if mailbox.imap_security == Security.STARTTLS:
        return _StartTls(ssl_context=ssl.create_default_context(), **where)
    return MailBoxUnencrypted(**where)


def sign_in(session: BaseMailBox, mailbox: Mailbox) -> None:
    """Raises imap_tools' errors, SignInRefused, NotConfigured."""
    user = mailbox.imap_user or mailbox.address
    if mailbox.sign_in == SignIn.PASSWORD:
        session.login(user, mailbox.imap_password, initial_folder=None)
    else:
        session.xoauth2(user, access_token(mailbox), initial_folder=None)


@dataclass
class _Reading:
    session: BaseMailBox
    mailbox: Mailbox
    folder: MailFolder
    renumbered: bool


def fetch_new(session: BaseMailBox, mailbox: Mailbox) -> int:
    """Takes in what is new in the open folder; how many mails. Raises when server or database is away.

    What was not committed is neither marked nor passed over: the next call begins with it.
    """
    reading = _begin(session, mailbox)
    taken = 0
    for uid in _new_uids(reading):
        taken += _take_one(reading, uid)
    _mark_seen(reading)
    return taken


def _begin(session: BaseMailBox, mailbox: Mailbox) -> _Reading:
    status = session.folder.status(mailbox.imap_folder, ["UIDVALIDITY", "UIDNEXT"])
    folder, _ = MailFolder.objects.get_or_create(mailbox=mailbox, name=mailbox.imap_folder)
    anew = folder.uidvalidity != status["UIDVALIDITY"]
    renumbered = anew and folder.uidvalidity != 0
    if anew:
        folder.uidvalidity, folder.last_uid = status["UIDVALIDITY"], 0
        if renumbered:
            log.warning("the server renumbered a folder", mailbox=mailbox.address, folder=folder.name)
    return _Reading(session, mailbox, folder, renumbered)


def _new_uids(reading: _Reading) -> list[int]:
    """Ascending. Of a folder seen for the first time what nobody has read yet, else what came after the last one."""
    if reading.renumbered:
        since = (clock.now() - RESCAN).strftime("%d-%b-%Y")
        return _search(reading, f"SINCE {since}")
    if reading.folder.last_uid == 0:
        return _search(reading, "UNSEEN")
    after = reading.folder.last_uid + 1
    return [uid for uid in _search(reading, f"UID {after}:*") if uid >= after]  # * is the last one, however small


def _search(reading: _Reading, criteria: str) -> list[int]:
    return sorted(int(uid) for uid in reading.session.uids(criteria))


def _take_one(reading: _Reading, uid: int) -> bool:
    size = _size(reading, uid)
    if size is None:
        return False  # somebody else deleted it meanwhile
    origin = Origin(
        door=Door.IMAP,
        mailbox=reading.mailbox,
        source=f"{reading.folder.name} {uid}",
        uidvalidity=reading.folder.uidvalidity,
        uid=uid,
    )
    try:
        with transaction.atomic():
            taken = _store(reading, origin, uid, size)
            reading.folder.last_uid = uid
            reading.folder.save(update_fields=["uidvalidity", "last_uid"])
            fault.point("imap.position.before_commit")
        fault.point("imap.position.after_commit")
    except IntegrityError:  # stored before the folder's state was, by a run that died in between
        reading.folder.last_uid = uid
        reading.folder.save(update_fields=["uidvalidity", "last_uid"])
        taken = False
    return taken


def _store(reading: _Reading, origin: Origin, uid: int, size: int) -> bool:
    if size > settings.MAIL_MAX_BYTES:
        refuse(origin, size=size, reason="larger than we take; it stays in the mailbox, unread")
        return False
    content = _content(reading, uid)
    if content is None:
        return False
    if _renumbered(reading, origin, content):
        return False
    take_in(content, origin)
    return True


def _renumbered(reading: _Reading, origin: Origin, content: bytes) -> bool:
    """Whether this was taken in under a number that the server has given up since; it has the new one then, by which
    it is marked as seen. Asked of each mail, as a run may die halfway through a renumbered folder.
    """
    digest = hashlib.sha256(content).hexdigest()
    before = RawEmail.objects.filter(mailbox=reading.mailbox, door=Door.IMAP, sha256=digest)
    earlier = before.exclude(uidvalidity=origin.uidvalidity).order_by("-pk").values_list("pk", flat=True).first()
    if earlier is None:
        return False
    RawEmail.objects.filter(pk=earlier).update(uidvalidity=origin.uidvalidity, uid=origin.uid, source=origin.source)
    return True


def _size(reading: _Reading, uid: int) -> int | None:
    _, answer = reading.session.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    line = answer[0] if answer else None
    text = (line if isinstance(line, bytes) else line[0] if line else b"").decode("ascii", "replace")
    number = text.partition("RFC822.SIZE ")[2].split(")")[0].split(" ")[0]
    return int(number) if number.isdigit() else None


def _content(reading: _Reading, uid: int) -> bytes | None:
    _, answer = reading.session.client.uid("FETCH", str(uid), "(BODY.PEEK[])")
    return next((part[1] for part in answer if isinstance(part, tuple)), None)


def _mark_seen(reading: _Reading) -> None:
    """Also what a run that died between commit and mark has left unmarked. Over-size mails stay as they are."""
    unseen = _search(reading, "UNSEEN")
    kept = RawEmail.objects.filter(
        mailbox=reading.mailbox, uidvalidity=reading.folder.uidvalidity, uid__in=unseen
    ).exclude(state="refused")
    uids = [str(uid) for uid in kept.values_list("uid", flat=True)]
    if uids:
        fault.point("imap.seen.before")
        reading.session.client.uid("STORE", ",".join(uids), "+FLAGS.SILENT", "(\\Seen)")
        fault.point("imap.seen.after")
