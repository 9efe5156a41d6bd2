"""`manage.py listen_mail`: takes mail by SMTP and reads every active IMAP mailbox, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from argparse import SUPPRESS, ArgumentParser
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, connection

from channels_email.adapter.imap_watch import Watch
from channels_email.adapter.listener import listen
from channels_email.adapter.lmtp import listen_lmtp
from channels_email.domain.alarms import LISTENER
from channels_email.models import Mailbox
from foundation.heartbeat import beat

LOOK_FOR_MAILBOXES = 10.0  # seconds

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Takes mail by SMTP (SMTP_HOST, SMTP_PORT) and reads the IMAP mailboxes. Ends on SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.usage = SUPPRESS  # a mistake is told in one clear line
        parser.add_argument("--host", default=settings.SMTP_HOST, help="the address to listen on")
        parser.add_argument("--port", type=int, default=settings.SMTP_PORT)
        parser.add_argument("--no-imap", action="store_true", help="take mail by SMTP only")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        watcher = threading.Thread(target=_watch_all, args=(stop,), name="mailboxes")
        heart = threading.Thread(target=_beat, args=(stop,), name="heart")
        heart.start()
        if not options["no_imap"]:
            watcher.start()
        try:
            asyncio.run(_serve(options["host"], options["port"], self.stdout.write))
        except OSError as error:
            raise CommandError(
                f"{options['host']}:{options['port']} cannot be listened on: {error.strerror}",
                returncode=os.EX_UNAVAILABLE,
            ) from error
        finally:
            stop.set()
            for thread in (watcher, heart):
                if thread.is_alive():
                    thread.join()


async def _serve(host: str, port: int, say: Any) -> None:
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, end.set)
    listening = [await listen(host, port)]
    say(f"Mail is taken at {host}:{port}.")
    if settings.LMTP_LISTEN:
        listening.append(await listen_lmtp(settings.LMTP_LISTEN))
        say(f"Mail is taken by LMTP at {settings.LMTP_LISTEN}.")
    await end.wait()
    for server, listener in listening:
        server.close()
        await loop.run_in_executor(None, listener.pool.shutdown)  # what is being stored is stored


def _beat(stop: threading.Event) -> None:
    """Says now and then that somebody listens, so that silence can be told from a quiet day."""
    while not stop.is_set():
        try:
            beat(LISTENER)
        except (DatabaseError, InterfaceError) as error:
            log.warning("no sign of life could be given", error=type(error).__name__)
            connection.close()
        stop.wait(LOOK_FOR_MAILBOXES)
    connection.close()


def _watch_all(stop: threading.Event) -> None:
    """A thread for each mailbox that is to be read, also for those that come later."""
    threads: dict[UUID, threading.Thread] = {}
    while not stop.is_set():
        try:
            wanted = set(Mailbox.objects.fetched().values_list("pk", flat=True))
        except (DatabaseError, InterfaceError) as error:
            log.warning("the mailboxes cannot be listed", error=type(error).__name__)
            connection.close()
            wanted = set()
        for mailbox in wanted:
            if mailbox not in threads or not threads[mailbox].is_alive():
                threads[mailbox] = threading.Thread(target=Watch(mailbox, stop).run, name=f"mailbox {mailbox}")
                threads[mailbox].start()
        stop.wait(LOOK_FOR_MAILBOXES)
    for thread in threads.values():
        thread.join()
    connection.close()
