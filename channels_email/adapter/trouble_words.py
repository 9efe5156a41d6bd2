"""What went wrong with a mail server, for the person who set it up: in words, and with what to do."""

from __future__ import annotations

import imaplib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass

from imap_tools import MailboxLoginError, UnexpectedCommandStatusError

from channels_email.adapter.oauth import NotConfigured, SignInRefused
from channels_email.enums import Security, SignIn
from channels_email.errors import SettingsUnfit
from channels_email.models import Mailbox
from foundation.addresses import ForbiddenAddress, UnknownHost
from interactions.errors import TransientFailure

# RFC 8314 section 3: the ports at which TLS begins with the first byte, and those at which it is asked for.
_IMPLICIT = {"imap": 993, "smtp": 465}
_ASKED_FOR = {"imap": 143, "smtp": 587}


@dataclass(frozen=True)
class Advice:
    words: str
    what_to_do: str


@dataclass(frozen=True)
class _Server:
    """The half of a mailbox's settings that is spoken of; `protocol` is imap or smtp."""

    mailbox: Mailbox
    protocol: str

    @property
    def host(self) -> str:
        return str(getattr(self.mailbox, f"{self.protocol}_host"))

    @property
    def port(self) -> int:
        return int(getattr(self.mailbox, f"{self.protocol}_port"))

    @property
    def security(self) -> str:
        return str(getattr(self.mailbox, f"{self.protocol}_security"))

    @property
    def usual(self) -> str:
        implicit, asked_for = _IMPLICIT[self.protocol], _ASKED_FOR[self.protocol]
        return f"usual are {implicit} with TLS from the first byte and {asked_for} with STARTTLS"


def advise(error: BaseException, mailbox: Mailbox, protocol: str) -> Advice:
    """`protocol` is imap or smtp: whose server it was that failed."""
    cause = error
    if isinstance(error, TransientFailure) and error.__cause__ is not None:
        cause = error.__cause__
    server = _Server(mailbox, protocol)
    for kinds, explain in _KNOWN:
        if isinstance(cause, kinds):
            return explain(cause, server)
    return Advice(f"The server cannot be used: {_said(cause)}.", "Ask the provider of the server what this means.")


def trouble(error: BaseException, mailbox: Mailbox) -> str:
    """The same in one line, for a mailbox that cannot be read."""
    advice = advise(error, mailbox, "imap")
    return f"{advice.words} {advice.what_to_do}"[:400]


def what_never_came(seconds: float) -> Advice:
    """A mail that left and did not come back."""
    return Advice(
        f"It left, and did not come back within {seconds:.0f} s.",
        "Look into the spam folder. If mail to this address is delivered elsewhere, let it be delivered here; "
        "where it comes by SMTP or LMTP, check that the mail listener runs and that the server forwards to it.",
    )


def _private(error: BaseException, server: _Server) -> Advice:
    return Advice(
        f"{error}.",
        f"If this is a server of your own, allow it: OUTBOUND_PRIVATE_HOSTS={server.host}. Otherwise correct it.",
    )


def _unknown(error: BaseException, server: _Server) -> Advice:  # noqa: ARG001 - one signature for all
    return Advice("This name is not known.", "Check its spelling; the provider's help pages name the server exactly.")


def _refused(error: BaseException, server: _Server) -> Advice:  # noqa: ARG001
    return Advice("The machine is there, and nobody listens at this port.", f"Check the port; {server.usual}.")


def _slow(error: BaseException, server: _Server) -> Advice:  # noqa: ARG001
    if server.security != Security.TLS and server.port == _IMPLICIT[server.protocol]:
        return _unfit(server)
    return Advice("No answer in time.", "A firewall may be in the way, here or there, or the port is another one.")


def _cut(error: BaseException, server: _Server) -> Advice:  # noqa: ARG001
    if server.port in {_IMPLICIT[server.protocol], _ASKED_FOR[server.protocol]}:
        return Advice("The server hung up.", f"Check port and protection ({server.usual}), or try again later.")
    return Advice("The server hung up.", f"It may be another one than meant. Check the port; {server.usual}.")


def _unfit(server: _Server) -> Advice:
    if server.security == Security.TLS:
        return Advice(
            f"What answers at port {server.port} does not encrypt from the first byte: port and protection do not fit.",
            f"Choose STARTTLS for port {server.port}, or port {_IMPLICIT[server.protocol]} with TLS.",
        )
    return Advice(
        f"What answers at port {server.port} encrypts in another way: port and protection do not fit.",
        f"Choose TLS from the first byte, or port {_ASKED_FOR[server.protocol]} with STARTTLS.",
    )


def _certificate(error: BaseException, server: _Server) -> Advice:  # noqa: ARG001
    why = getattr(error, "verify_message", "") or _plain(str(error))
    return Advice(
        f"The server's certificate is not valid: {why}.",
        "Use the name that stands in the certificate, or have the certificate renewed. It is never ignored: whoever "
        "stands in between could read the password.",
    )


def _encryption(error: BaseException, server: _Server) -> Advice:
    if getattr(error, "reason", "") in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"}:
        return _unfit(server)
    other = "STARTTLS" if server.security == Security.TLS else "TLS from the first byte"
    return Advice(
        f"The server does not encrypt in this way: {_said(error)}.", f"Choose {other}, or another port; {server.usual}."
    )


def _not_this_protocol(error: BaseException, server: _Server) -> Advice:
    if "TLS not supported" in str(error):  # imaplib, when the server offers no STARTTLS
        return Advice(
            "The server offers no STARTTLS.",
            f"Choose TLS from the first byte with port {_IMPLICIT[server.protocol]}, or another server.",
        )
    if "EOF" in str(error):
        return _cut(error, server)
    name = server.protocol.upper()
    return Advice(
        f"What answers at {server.host}, port {server.port}, is no {name} server.",
        f"Check server and port; {server.usual}.",
    )


def _greeted_badly(error: BaseException, server: _Server) -> Advice:
    """An SMTP server that says it has no time now, or something else that does not speak SMTP."""
    if isinstance(error, smtplib.SMTPResponseException) and 400 <= error.smtp_code < 600:
        return Advice(f"The server turns us away: {_said(error)}", "Ask the provider of the server what this means.")
    return _not_this_protocol(error, server)


def _sign_in(error: BaseException, server: _Server) -> Advice:
    if server.mailbox.sign_in != SignIn.PASSWORD:
        advice = "Connect the account again; an administrator there may have to allow IMAP and SMTP for it."
    else:
        advice = (
            "Check user and password. Google and Microsoft take no passwords of their accounts: choose their sign-in "
            "above. Other providers with two-step sign-in want a password made for this application."
        )
    return Advice(f"The server does not let us in: {_said(error)}", advice)


def _imap_said(error: BaseException, server: _Server) -> Advice:  # noqa: ARG001
    return Advice(f"The server says: {_said(error)}.", "Check the folder, and what this account may do there.")


def _token(error: BaseException, server: _Server) -> Advice:  # noqa: ARG001
    return Advice(str(error), "Press Connect on this page and sign in with the account of the mailbox.")


def _settings(error: BaseException, server: _Server) -> Advice:  # noqa: ARG001
    return Advice(str(error), "The mailbox's page says where to register it. Until then choose user and password.")


def _told(error: BaseException, server: _Server) -> Advice:  # noqa: ARG001
    return Advice(str(error), error.what_to_do if isinstance(error, SettingsUnfit) else "Correct the settings.")


def _relay(error: BaseException, server: _Server) -> Advice:
    return Advice(
        f"The server did not take a mail from {server.mailbox.address}: {_said(error)}",
        "The account must be allowed to send in the name of this address.",
    )


_KNOWN = (
    ((ForbiddenAddress,), _private),
    ((UnknownHost, socket.gaierror), _unknown),
    ((ConnectionRefusedError,), _refused),
    ((TimeoutError,), _slow),
    ((ssl.SSLCertVerificationError,), _certificate),
    ((ssl.SSLEOFError, ConnectionResetError, BrokenPipeError, smtplib.SMTPServerDisconnected), _cut),
    ((ssl.SSLError, smtplib.SMTPNotSupportedError), _encryption),
    ((SignInRefused,), _token),
    ((NotConfigured,), _settings),
    ((MailboxLoginError, smtplib.SMTPAuthenticationError), _sign_in),
    ((UnexpectedCommandStatusError,), _imap_said),
    ((smtplib.SMTPConnectError, smtplib.SMTPHeloError), _greeted_badly),
    ((imaplib.IMAP4.error,), _not_this_protocol),
    ((smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError), _relay),
    ((ValueError,), _told),
)


def _said(error: BaseException) -> str:
    """The server's own words where it said any, else those of the failure without the program's names."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(words)}" for code, words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, UnexpectedCommandStatusError):
        said = " ".join(_text(part) for part in error.command_result[1] or ())
        return said or ("the sign-in was refused" if isinstance(error, MailboxLoginError) else "no")
    if isinstance(error, OSError) and error.strerror:
        return _plain(error.strerror)
    return _plain(str(error)) or "it gave no reason"


def _plain(words: str) -> str:
    """Without what libraries write for programmers: `[SSL: NAME]`, `[Errno 1]` and `(_ssl.c:1006)`."""
    return re.sub(r"\[(?:SSL|Errno)[^\]]*\]\s*|\s*\(_ssl\.c:\d+\)", "", words).strip().rstrip(".")[:300]


def _text(said: object) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
