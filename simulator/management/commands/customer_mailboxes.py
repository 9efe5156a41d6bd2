from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from simulator.mail.post import post_all
from simulator.mail.sink import open_sink

PAUSE = 0.4  # seconds between two looks into the mailboxes
log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = (
        "The demo customers' side of the mail: takes all mail the demo sends (SMTP_OUT_HOST, SMTP_OUT_PORT) and posts "
        "what is written in the mailboxes to SMTP_HOST:SMTP_PORT. Ends on SIGTERM or Ctrl-C."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.SMTP_OUT_HOST, help="the address to listen on")
        parser.add_argument("--port", type=int, default=settings.SMTP_OUT_PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        postman = threading.Thread(target=_carry, args=(stop,), name="post")
        postman.start()
        try:
            asyncio.run(_serve(options["host"], options["port"], self.stdout.write))
        except OSError as error:
            raise CommandError(
                f"{options['host']}:{options['port']} cannot be listened on: {error.strerror}",
                returncode=os.EX_UNAVAILABLE,
            ) from error
        finally:
            stop.set()
            postman.join()


async def _serve(host: str, port: int, say: Any) -> None:
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, end.set)
    server, sink = await open_sink(host, port)
    say(f"Customers' mailboxes take mail at {host}:{port}.")
    await end.wait()
    server.close()
    await loop.run_in_executor(None, sink.pool.shutdown)


def _carry(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            close_old_connections()
            post_all()
        except (DatabaseError, InterfaceError) as error:
            log.warning("the post waits", error=type(error).__name__)
            connection.close()
        stop.wait(PAUSE)
    connection.close()
