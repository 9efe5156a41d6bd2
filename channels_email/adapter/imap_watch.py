"""Watching the mailboxes: one thread each, IDLE between mails, one watcher per mailbox in the whole installation."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, connection
from imap_tools import BaseMailBox

from channels_email.adapter.imap import fetch_new, signed_in
from channels_email.adapter.trouble_words import trouble
from channels_email.models import Mailbox
from foundation import clock

IDLE = 240.0  # seconds; RFC 2177 wants IDLE renewed within 29 minutes, routers forget connections sooner
SLICE = 1.0  # seconds after which a watcher looks whether it should end
LOOK_AGAIN = 15.0  # seconds between looks at servers that know no IDLE, and at mailboxes watched elsewhere
SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 300.0  # seconds before the next try after trouble

log = structlog.get_logger(__name__)


class Watch:
    """Watches one mailbox until it is told to stop or the mailbox is no longer to be read."""

    def __init__(self, mailbox: UUID, stop: threading.Event) -> None:
        self.mailbox = mailbox
        self.stop = stop
        self.pause = SHORTEST_PAUSE

    def run(self) -> None:
        while not self.stop.is_set():
            mailbox = None
            try:
                mailbox = Mailbox.objects.fetched().filter(pk=self.mailbox).first()
                if mailbox is None:
                    return
                self._watch(mailbox)
            except Exception as error:  # noqa: BLE001 - servers fail in every way; the watch goes on
                log.warning(
                    "a mailbox cannot be read", mailbox=str(self.mailbox), error=f"{type(error).__name__}: {error}"
                )
                self._note(_words_of(error, mailbox))
                connection.close()
                self.stop.wait(self.pause * random.uniform(0.75, 1.0))  # noqa: S311 - spreading, not secrecy
                self.pause = min(self.pause * 2, LONGEST_PAUSE)
        connection.close()

    def _watch(self, mailbox: Mailbox) -> None:
        with _alone(mailbox) as alone:
            if not alone:
                self.stop.wait(LOOK_AGAIN)
                return
            with signed_in(mailbox) as session:
                self._note("")
                self.pause = SHORTEST_PAUSE
                idles = "IDLE" in session.client.capabilities
                while not self.stop.is_set():
                    fetch_new(session, mailbox)
                    Mailbox.objects.filter(pk=mailbox.pk).update(read_at=clock.now())
                    if not Mailbox.objects.fetched().filter(pk=mailbox.pk).exists():
                        return
                    self._wait(session, idles=idles)

    def _wait(self, session: BaseMailBox, *, idles: bool) -> None:
        """Until the server tells of something, or it is time to look anyway."""
        if not idles:
            self.stop.wait(LOOK_AGAIN)
            return
        session.idle.start()  # type: ignore[no-untyped-call]
        try:
            waited = 0.0
            while waited < IDLE and not self.stop.is_set() and not session.idle.poll(timeout=SLICE):
                waited += SLICE
        finally:
            session.idle.stop()  # type: ignore[no-untyped-call]

    def _note(self, trouble: str) -> None:
        try:
            Mailbox.objects.filter(pk=self.mailbox).exclude(trouble=trouble[:400]).update(trouble=trouble[:400])
        except (DatabaseError, InterfaceError):
            connection.close()


def _words_of(error: Exception, mailbox: Mailbox | None) -> str:
    """For people; what went wrong with ourselves (the database is away) keeps its name, as nobody can set it right
    on the mailbox's page.
    """
    if mailbox is None or isinstance(error, (DatabaseError, InterfaceError)):
        return f"{type(error).__name__}: {error}"
    return trouble(error, mailbox)


@contextmanager
def _alone(mailbox: Mailbox) -> Iterator[bool]:
    """Whether nobody else reads the mailbox; as long as this lasts nobody else will. Ends with the connection."""
    key = mailbox.pk.int >> 65  # 63 bits of it
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
