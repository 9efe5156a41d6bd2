"""Handing a mail to an SMTP server (RFC 5321), so that we know at every moment whether it may have been taken.

connect … RCPT      nothing was taken; 4xx and network: later, 5xx: never
DATA, the content   nothing was taken while the final dot has not left
the final dot       taken, refused, or, when no answer comes, unknown
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
from django.conf import settings

from channels_email.adapter.oauth import sasl
from channels_email.adapter.outgoing_server import OutgoingServer
from channels_email.domain.compose import Composed
from channels_email.domain.dkim_signing import KeyUnusable, signed
from channels_email.enums import Security
from channels_email.models import SigningKey
from foundation import fault
from foundation.addresses import ForbiddenAddress, public_address
from interactions.errors import OutcomeUnknown, PermanentFailure, TransientFailure

log = structlog.get_logger(__name__)

TIMEOUT = settings.SMTP_OUT_TIMEOUT  # seconds for each answer
TIMEOUT_AFTER_DATA = (
    settings.SMTP_OUT_TIMEOUT_AFTER_DATA
)  # servers scan before they answer; RFC 5321 section 4.5.3.2.6 wants ten minutes


def send(composed: Composed, server: OutgoingServer, key: SigningKey | None = None) -> tuple[str, dict[str, str]]:
    """Transmits the mail once and gives the server's answer, and what it said of each copy that it refused.

    Raises TransientFailure, PermanentFailure or OutcomeUnknown. When a recipient in To is refused nothing is sent to
    anybody: the writer must know, and sending it again must not double it for the others.
    """
    content = _on_the_wire(composed, key)
    with connected(server) as smtp:
        greet(smtp, server)
        refused = _address(smtp, composed)
        answer = _transmit(smtp, content)
    words = "; ".join(f"{address}: {said}" for address, said in refused.items())
    return (f"{answer} Not to {words}" if words else answer), refused


def _on_the_wire(composed: Composed, key: SigningKey | None) -> bytes:
    """The mail's bytes with CRLF, signed where there is a key, and doubled leading dots, without the final dot."""
    content: bytes = composed.mail.as_bytes()
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    content = b"\r\n".join(lines)
    content = content if content.endswith(b"\r\n") else content + b"\r\n"
    if key is not None:
        content = _signed(content, key)
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in content.split(b"\r\n"))


def _signed(content: bytes, key: SigningKey) -> bytes:
    """Signed; as it is when the key is broken: a mail without signature is better than none. The log says so."""
    try:
        return signed(content, key)
    except KeyUnusable as error:
        log.exception("a mail leaves without its signature", key=str(key), trouble=str(error))
        return content


@contextmanager
def connected(server: OutgoingServer, *, timeout: float = TIMEOUT) -> Iterator[smtplib.SMTP]:
    """A conversation with the server, ended politely; `timeout` in seconds for each answer.

    Raises TransientFailure when there is none.
    """
    try:
        if not server.ours:
            public_address(server.host, server.port, by_name=True)
        smtp = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=ssl.create_default_context())
            if server.security == Security.TLS
            else smtplib.SMTP(server.host, server.port, timeout=timeout)
        )
    except (OSError, ForbiddenAddress, smtplib.SMTPException) as error:
        raise TransientFailure(f"{server.host}:{server.port} cannot be reached: {_words(error)}") from error
    try:
        yield smtp
        _take_leave(smtp)
    finally:
        smtp.close()


def _take_leave(smtp: smtplib.SMTP) -> None:
    """The mail is settled; a server that is rude or slow now changes nothing any more."""
    with suppress(OSError, smtplib.SMTPException):
        if smtp.sock is not None:
            smtp.sock.settimeout(2)
        smtp.docmd("QUIT")


def greet(smtp: smtplib.SMTP, server: OutgoingServer) -> None:
    """Encrypts and signs in as the server wants it. Raises TransientFailure."""
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == Security.STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
        sign_in(smtp, server)
    except (OSError, smtplib.SMTPException) as error:
        raise TransientFailure(f"{server.host} does not let us in: {_words(error)}") from error


def sign_in(smtp: smtplib.SMTP, server: OutgoingServer) -> None:
    """By token, by password, or not at all. Raises smtplib's errors."""
    if server.token:
        words = sasl(server.user, server.token)
        smtp.auth("XOAUTH2", lambda challenge=None: words if challenge is None else "")
    elif server.user:
        smtp.login(server.user, server.password)


def _address(smtp: smtplib.SMTP, composed: Composed) -> dict[str, str]:
    """Names sender and recipients; the copies that were refused, each with the server's words."""
    options = _options(smtp, composed)
    try:
        _expect(smtp.mail(composed.sender, options))
        answers = {address: smtp.rcpt(address) for address in dict.fromkeys((*composed.to, *composed.copies))}
    except (OSError, smtplib.SMTPException) as error:
        raise TransientFailure(f"Cut off before the mail was handed over: {_words(error)}") from error
    refused = {address: answer for address, answer in answers.items() if answer[0] not in {250, 251}}
    words = "; ".join(f"{address}: {_answer(answer)}" for address, answer in refused.items())
    in_the_way = [refused[address] for address in composed.to if address in refused]
    all_refused = bool(refused) and len(refused) == len(answers)
    if any(code >= 500 for code, _ in in_the_way) or (all_refused and min(code for code, _ in refused.values()) >= 500):
        raise PermanentFailure(words)
    if in_the_way or len(refused) == len(answers):
        raise TransientFailure(words)
    return {address: _answer(answer) for address, answer in refused.items()}


def _options(smtp: smtplib.SMTP, composed: Composed) -> list[str]:
    if all(address.isascii() for address in (composed.sender, *composed.to, *composed.copies)):
        return []
    if not smtp.has_extn("smtputf8"):
        raise PermanentFailure("The server cannot send to addresses with letters beyond ASCII.")
    smtp.command_encoding = "utf-8"
    return ["SMTPUTF8"]


def _transmit(smtp: smtplib.SMTP, content: bytes) -> str:
    try:
        _expect(smtp.docmd("DATA"), wanted=354)
        smtp.send(content)
        fault.point("delivery.dot.before")
    except (OSError, smtplib.SMTPException) as error:
        raise TransientFailure(f"Cut off before the mail was whole: {_words(error)}") from error
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(TIMEOUT_AFTER_DATA)
        smtp.send(b".\r\n")
        fault.point("delivery.dot.after")
        answer = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise OutcomeUnknown(f"The mail was handed over, then no answer came: {_words(error)}") from error
    if answer[0] == -1:
        raise OutcomeUnknown("The mail was handed over, then the answer could not be read.")
    _expect(answer)
    return _answer(answer)


def _expect(answer: tuple[int, bytes], wanted: int = 250) -> None:
    """Raises for any other answer: 5xx for good, everything else for now."""
    if answer[0] == wanted:
        return
    if answer[0] == -1:
        raise smtplib.SMTPServerDisconnected("the connection was cut")
    if 500 <= answer[0] < 600:
        raise PermanentFailure(_answer(answer))
    raise TransientFailure(_answer(answer))


def _answer(answer: tuple[int, bytes]) -> str:
    code, words = answer
    return f"{code} {words.decode('utf-8', 'replace')}"[:1000].replace("\n", " ").strip()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"[:1000]
    return f"{type(error).__name__}: {error}"[:1000]
