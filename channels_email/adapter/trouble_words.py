"""What went wrong with a mail server, for the person who set it up: in words, and with what to do."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass

from imap_tools import MailboxLoginError

from channels_email.adapter.oauth import NotConfigured, SignInRefused
from channels_email.enums import Security, SignIn
from channels_email.models import Mailbox
from foundation.addresses import ForbiddenAddress, UnknownHost
from interactions.errors import TransientFailure


@dataclass(frozen=True)
class Advice:
    words: str
    what_to_do: str


def advise(error: BaseException, mailbox: Mailbox, server: str) -> Advice:
    """`server` is imap, smtp or "round trip"."""
    cause = error
    if isinstance(error, TransientFailure) and error.__cause__ is not None:
        cause = error.__cause__
    for kinds, explain in _KNOWN:
        if isinstance(cause, kinds):
            return explain(cause, mailbox, server)
    return Advice(_said(cause), "Ask the provider of the server what this means.")


def _private(error: BaseException, mailbox: Mailbox, server: str) -> Advice:
    host = mailbox.imap_host if server == "imap" else mailbox.smtp_host
    return Advice(
        f"{error}.", f"If this is a server of your own, allow it: OUTBOUND_PRIVATE_HOSTS={host}. Otherwise correct it."
    )


def _unknown(error: BaseException, mailbox: Mailbox, server: str) -> Advice:  # noqa: ARG001 - one signature for all
    return Advice("This name is not known.", "Check its spelling; the provider's help pages name the server exactly.")


def _refused(error: BaseException, mailbox: Mailbox, server: str) -> Advice:  # noqa: ARG001
    usual = "993 (TLS) or 143 (STARTTLS)" if server == "imap" else "465 (TLS) or 587 (STARTTLS)"
    return Advice("The machine is there, and nobody listens at this port.", f"Check the port; usual are {usual}.")


def _slow(error: BaseException, mailbox: Mailbox, server: str) -> Advice:  # noqa: ARG001
    if server == "round trip":
        return Advice(
            str(error),
            "Look into the spam folder. If mail to this address is delivered elsewhere, let it be delivered here; "
            "where it comes by SMTP or LMTP, check that the mail listener runs and that the server forwards to it.",
        )
    return Advice("No answer in time.", "A firewall may be in the way, here or there, or the port is another one.")


def _certificate(error: BaseException, mailbox: Mailbox, server: str) -> Advice:  # noqa: ARG001
    why = getattr(error, "verify_message", "") or str(error)
    return Advice(
        f"The server's certificate is not valid: {why}.",
        "Use the name that stands in the certificate, or have the certificate renewed. It is never ignored: whoever "
        "stands in between could read the password.",
    )


def _encryption(error: BaseException, mailbox: Mailbox, server: str) -> Advice:
    chosen = mailbox.imap_security if server == "imap" else mailbox.smtp_security
    other = "STARTTLS" if chosen == Security.TLS else "TLS from the first byte"
    return Advice(f"The server does not encrypt in this way: {_said(error)}.", f"Choose {other}, or another port.")


def _sign_in(error: BaseException, mailbox: Mailbox, server: str) -> Advice:  # noqa: ARG001
    if mailbox.sign_in != SignIn.PASSWORD:
        advice = "Connect the account again; an administrator there may have to allow IMAP and SMTP for it."
    else:
        advice = (
            "Check user and password. Google and Microsoft take no passwords of their accounts: choose their sign-in "
            "above. Other providers with two-step sign-in want a password made for this application."
        )
    return Advice(f"The server does not let us in: {_said(error)}", advice)


def _token(error: BaseException, mailbox: Mailbox, server: str) -> Advice:  # noqa: ARG001
    return Advice(str(error), "Press Connect on this page and sign in with the account of the mailbox.")


def _settings(error: BaseException, mailbox: Mailbox, server: str) -> Advice:  # noqa: ARG001
    return Advice(
        str(error), "Register this installation at the provider, with the address of this page's Connect as redirect."
    )


def _told(error: BaseException, mailbox: Mailbox, server: str) -> Advice:  # noqa: ARG001
    return Advice(str(error), "Choose one of these.")


def _relay(error: BaseException, mailbox: Mailbox, server: str) -> Advice:  # noqa: ARG001
    return Advice(
        f"The server did not take a mail from {mailbox.address}: {_said(error)}",
        "The account must be allowed to send in the name of this address.",
    )


_KNOWN = (
    ((ForbiddenAddress,), _private),
    ((UnknownHost, socket.gaierror), _unknown),
    ((ConnectionRefusedError,), _refused),
    ((TimeoutError,), _slow),
    ((ssl.SSLCertVerificationError,), _certificate),
    ((ssl.SSLError, smtplib.SMTPNotSupportedError), _encryption),
    ((SignInRefused,), _token),
    ((NotConfigured,), _settings),
    ((MailboxLoginError, smtplib.SMTPAuthenticationError), _sign_in),
    ((smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError), _relay),
    ((ValueError,), _told),
)


def _said(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(words)}" for code, words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, MailboxLoginError):
        return " ".join(_text(part) for part in error.command_result[1]) or "the sign-in was refused"
    return f"{type(error).__name__}: {error}"[:300]


def _text(said: object) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
