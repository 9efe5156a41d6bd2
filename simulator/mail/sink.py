"""Where all mail of the demo goes: an SMTP server that puts each into its recipients' mailboxes, and nothing else."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, InterfaceError, connection

from simulator.mail.boxes import keep

TRY_LATER = "451 4.3.0 Temporarily out of order, please try again later"
LARGEST = 50 * 1024 * 1024  # bytes
log = structlog.get_logger(__name__)


class Sink:
    """What the SMTP conversation asks. 250 is said only when the mail is in the mailboxes."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="keep")

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - its signature
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        sender, recipients = envelope.mail_from or "", list(envelope.rcpt_tos)
        try:
            await asyncio.get_running_loop().run_in_executor(self.pool, _keep, content, sender, recipients)
        except (DatabaseError, InterfaceError) as error:
            log.warning("a mail was put off", error=type(error).__name__)
            return TRY_LATER
        return "250 2.0.0 In the mailbox"

    async def handle_exception(self, error: Exception) -> str:
        """As when this process ends in the middle of a conversation: the mail is asked for again, not refused."""
        log.error("an SMTP conversation failed", error=type(error).__name__, exc_info=error)
        return TRY_LATER


def _keep(content: bytes, sender: str, recipients: list[str]) -> None:
    try:
        keep(content, sender, recipients)
    finally:
        connection.close()  # the pool's threads come and go; none of them leaves a session behind


async def open_sink(host: str, port: int) -> tuple[asyncio.Server, Sink]:
    """Listens there. Raises OSError when the port is taken."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd would log every line and address
    sink = Sink()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, hostname="mailboxes.demo", data_size_limit=LARGEST, enable_SMTPUTF8=True), host, port
    )
    return server, sink
