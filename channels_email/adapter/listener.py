"""Mail in by SMTP: 250 is said only when the raw mail is committed, so a mail is always in somebody's keeping."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

from channels_email.adapter.mail_data import read_mail_data
from channels_email.domain.own_addresses import AddressBook, read_address_book
from channels_email.domain.take_in import Origin, refuse, take_in
from channels_email.enums import Door

THREADS = 4  # mails stored at the same moment; each holds one database connection
BOOK_KEPT = 5.0  # seconds
IDLE = 120.0  # seconds of silence after which a client is let go
PIECE = 64 * 1024  # bytes of a line that are read at once; the line itself may be longer
TRY_LATER = "451 4.3.0 Temporarily out of order, please try again later"
Result = TypeVar("Result")

log = structlog.get_logger(__name__)


class Listener:
    """What the SMTP conversation asks of us. One for all connections."""

    door = Door.SMTP

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
        self.connections = 0
        self._book: tuple[float, AddressBook] | None = None

    async def handle_RCPT(self, *said: Any) -> str:  # noqa: N802 - called by name
        """`said`: server, session, envelope, address, options."""
        envelope, address = said[2], said[3]
        try:
            book = await self._in_thread(self._address_book)
        except (DatabaseError, InterfaceError):
            return TRY_LATER
        if book.place_of(address) is None:
            return "550 5.1.1 There is no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - called by name
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            raw = await self._in_thread(lambda: take_in(content, self._origin(session, envelope)))
        except (DatabaseError, InterfaceError) as error:
            log.warning("a mail was put off", error=type(error).__name__)
            return TRY_LATER
        return f"250 2.0.0 Kept as {raw.pk}"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever went wrong is our fault and may pass; the parent's answer, 500, would lose the mail for good."""
        log.error("an SMTP conversation failed", error=type(error).__name__, exc_info=error)
        return TRY_LATER

    async def too_large(self, session: Session, envelope: Envelope, sender: str, size: int) -> None:
        """The mail was refused with 552; that is written down as long as the database can."""
        try:
            await self._in_thread(
                lambda: refuse(self._origin(session, envelope, sender), size=size, reason="larger than we take")
            )
        except (DatabaseError, InterfaceError) as error:
            log.warning("a refusal could not be written down", size=size, error=type(error).__name__)

    def _origin(self, session: Session, envelope: Envelope, sender: str = "") -> Origin:
        peer = session.peer[0] if isinstance(session.peer, tuple) else ""
        return Origin(
            door=self.door,
            source=f"{session.host_name or ''} [{peer}]".strip(),
            sender=(envelope.mail_from or sender).strip("<>"),  # <> is the sender of reports
            recipients=envelope.rcpt_tos,
        )

    def _address_book(self) -> AddressBook:
        if self._book is None or time.monotonic() - self._book[0] > BOOK_KEPT:
            self._book = (time.monotonic(), read_address_book())
        return self._book[1]

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self.pool, _with_a_live_connection, work)


def _with_a_live_connection(work: Callable[[], Result]) -> Result:
    close_old_connections()
    try:
        return work()
    except (DatabaseError, InterfaceError):
        close_old_connections()
        raise


class Conversation(SMTP):
    """One client's connection.

    Beyond aiosmtpd: lines of any length are taken, and mails for as long as something comes; over-size is written down,
    guests are counted.
    """

    line_length_limit = PIECE

    def __init__(self, listener: Listener, **options: Any) -> None:
        super().__init__(listener, **options)
        self.listener = listener
        self.counted = False
        self.size = 0  # bytes, declared or counted
        self.declared_sender = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self.counted:
            self.counted = True
            self.listener.connections += 1
        super().connection_made(transport)
        if self.listener.connections > settings.SMTP_CONNECTIONS and isinstance(transport, asyncio.Transport):
            transport.write(b"421 4.3.2 Too many connections, please try again later\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if self.counted:
            self.counted = False
            self.listener.connections -= 1
        super().connection_lost(error)

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802 - called by name
        self.size = _declared_size(arg)
        self.declared_sender = arg.partition("<")[2].partition(">")[0]
        await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - called by name
        if await self.check_helo_needed():
            return
        envelope, session = self.envelope, self.session
        if envelope is None or session is None or not envelope.rcpt_tos:
            await self.push("503 5.5.1 Who is it for? RCPT comes first")
            return
        if arg:
            await self.push("501 5.5.4 DATA stands alone")
            return
        await self.push("354 Go on; a line with only a dot ends it")
        most = settings.MAIL_MAX_BYTES
        envelope.content, self.size = await read_mail_data(self._reader, most=most, heard=self._reset_timeout)
        try:
            if self.size > most:
                await self.push(f"552 5.3.4 Larger than the {most} bytes that are taken here")
            else:
                await self.answer_for_data(await self.listener.handle_DATA(self, session, envelope))
        finally:
            self._set_post_data_state()  # type: ignore[no-untyped-call]

    async def answer_for_data(self, status: str) -> None:
        await self.push(status)

    async def push(self, status: str | bytes) -> None:
        """The one place where every answer passes; the parent refuses a declared over-size without a hook."""
        line = status if isinstance(status, str) else status.decode("ascii", "replace")
        if line.startswith("552") and self.session is not None and self.envelope is not None:
            size = max(self.size, (self.data_size_limit or 0) + 1)
            await self.listener.too_large(self.session, self.envelope, self.declared_sender, size)
        await super().push(line)


def _declared_size(arg: str) -> int:
    words = (word.upper() for word in arg.split())
    size = next((word.removeprefix("SIZE=") for word in words if word.startswith("SIZE=")), "0")
    return int(size) if size.isdigit() and len(size) < 16 else 0


async def listen(host: str, port: int) -> tuple[asyncio.Server, Listener]:
    """Starts listening; the server to be closed by the caller. Raises OSError when the address is taken."""
    listener = Listener()
    converse = conversations(Conversation, listener)
    return await asyncio.get_running_loop().create_server(converse, host, port), listener


def conversations(kind: type[Conversation], listener: Listener) -> Callable[[], Conversation]:
    """What makes a conversation of this kind for each connection. To be called in the loop that will hold them."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd would log every line and address
    tls = _tls_context()
    loop = asyncio.get_running_loop()

    def converse() -> Conversation:
        return kind(
            listener,
            data_size_limit=settings.MAIL_MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname=settings.PUBLIC_URL.partition("://")[2].partition(":")[0],
            ident="contactcenter",
            timeout=IDLE,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),  # nobody signs in here
            tls_context=tls,
            loop=loop,
        )

    return converse


def _tls_context() -> ssl.SSLContext | None:
    if not settings.SMTP_TLS_CERTIFICATE:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.SMTP_TLS_CERTIFICATE, settings.SMTP_TLS_KEY)
    return context
