"""Trying a mailbox: each step that mail needs, in and out, with what is wrong in words and what to do about it."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from django.db import transaction
from imap_tools import BaseMailBox, ImapToolsError

from agents.models import Agent
from channels_email.adapter.imap import connect, sign_in
from channels_email.adapter.oauth import NotConfigured, SignInRefused
from channels_email.adapter.outgoing_server import OutgoingServer, server_for
from channels_email.adapter.smtp import connected, greet
from channels_email.adapter.trial_words import Advice, advise
from channels_email.domain.access import access_mailbox
from channels_email.enums import Security
from channels_email.events import MailboxTrialRequested
from channels_email.models import Mailbox, MailboxTrial, RawEmail
from foundation import bus, clock
from foundation.addresses import public_address
from interactions.errors import TransientFailure

CONNECT = 10.0  # seconds
COMES_BACK = 45.0  # seconds; most servers deliver to themselves at once
LOOK = 1.0  # seconds between looks for the probe

TROUBLE = (
    OSError,
    ValueError,
    imaplib.IMAP4.error,
    smtplib.SMTPException,
    ImapToolsError,
    SignInRefused,
    NotConfigured,
    TransientFailure,
)


class _Stopped(Exception):
    """A step failed that all later ones of its half need."""


def ask_trial(agent: Agent, mailbox: UUID) -> MailboxTrial:
    """A job that tries everything the mailbox needs. Raises NotAllowed."""
    found = access_mailbox(agent, mailbox)
    with transaction.atomic():
        trial = MailboxTrial.objects.create(mailbox=found, requested_by=agent)
        bus.publish(MailboxTrialRequested(trial=trial.pk))
    return trial


def run_trial(trial_id: UUID) -> MailboxTrial | None:
    """Tries the mailbox and writes each step down as it ends; None when that was done. Again begins afresh."""
    trial = MailboxTrial.objects.select_related("mailbox").filter(pk=trial_id, finished_at=None).first()
    if trial is None:
        return None
    trial.steps = []
    report = _Report(trial)
    session = _try_in(report, trial.mailbox)
    try:
        if _try_out(report, trial):
            _try_round_trip(report, trial, session)
    finally:
        if session is not None:
            _leave(session)
        trial.finished_at = clock.now()
        trial.save(update_fields=["steps", "finished_at"])
    return trial


def _leave(session: BaseMailBox) -> None:
    """Politely; a server that is rude now leaves no open connection with us."""
    try:
        session.logout()
    except TROUBLE:
        with suppress(*TROUBLE):
            session.client.shutdown()


class _Report:
    """The steps as they stand in the row, one after the other."""

    def __init__(self, trial: MailboxTrial) -> None:
        self.trial = trial

    @contextmanager
    def step(self, title: str, server: str) -> Iterator[Callable[[str], None]]:
        """One step. What the body says last stands beside it; what it raises is explained. Raises _Stopped."""
        line = {"title": title, "state": "running", "words": "", "advice": ""}
        self.trial.steps.append(line)
        self._save()

        def say(words: str) -> None:
            line["words"] = words[:400]

        try:
            yield say
        except TROUBLE as error:
            advice: Advice = advise(error, self.trial.mailbox, server)
            line.update(state="failed", words=advice.words[:400], advice=advice.what_to_do)
            raise _Stopped from error
        else:
            line["state"] = "ok"
        finally:
            self._save()

    def skip(self, title: str, words: str) -> None:
        self.trial.steps.append({"title": title, "state": "skipped", "words": words, "advice": ""})
        self._save()

    def _save(self) -> None:
        self.trial.save(update_fields=["steps", "probe"])


def _try_in(report: _Report, mailbox: Mailbox) -> BaseMailBox | None:
    """The session, signed in with its folder open, for looking for the probe; None without."""
    if not mailbox.imap_host:
        report.skip("Mail in by IMAP", "No IMAP server is named: mail reaches this mailbox by SMTP, LMTP or a webhook.")
        return None
    where = (mailbox.imap_host, mailbox.imap_port)
    session: BaseMailBox | None = None
    try:
        _try_to_connect(report, "IMAP", *where, implicit_tls=mailbox.imap_security == Security.TLS)
        with report.step("Sign in to IMAP", "imap") as say:
            session = connect(mailbox)
            sign_in(session, mailbox)
            say(f"as {mailbox.imap_user or mailbox.address}")
        with report.step("Open the folder", "imap") as say:
            _open_folder(session, mailbox, say)
        with report.step("Hear of new mail at once", "imap") as say:
            idles = "IDLE" in session.client.capabilities
            say("The server tells of new mail (IDLE)." if idles else "It does not (no IDLE): looked at every 15 s.")
    except _Stopped:
        if session is not None:
            with suppress(*TROUBLE):
                session.client.shutdown()
        return None
    return session


def _open_folder(session: BaseMailBox, mailbox: Mailbox, say: Callable[[str], None]) -> None:
    folders = [folder.name for folder in session.folder.list()]
    if mailbox.imap_folder not in folders and mailbox.imap_folder.upper() != "INBOX":
        raise ValueError(f"There is no folder {mailbox.imap_folder!r}. There are: {', '.join(folders[:20])}.")
    session.folder.set(mailbox.imap_folder)
    held = session.folder.status(mailbox.imap_folder, ["MESSAGES", "UNSEEN"])
    say(f"{mailbox.imap_folder}: {held['MESSAGES']} mails, {held['UNSEEN']} unread. {len(folders)} folders in all.")


def _try_to_connect(report: _Report, protocol: str, host: str, port: int, *, implicit_tls: bool) -> None:
    server = protocol.lower()
    with report.step(f"Find the {protocol} server", server) as say:
        address = public_address(host, port)
        say(f"{host} is {address}")
    with report.step(f"Reach the {protocol} server", server) as say:
        socket.create_connection((address, port), timeout=CONNECT).close()
        say(f"port {port} answers")
    if implicit_tls:
        with (
            report.step(f"Encrypt to the {protocol} server", server) as say,
            socket.create_connection((address, port), timeout=CONNECT) as bare,
            ssl.create_default_context().wrap_socket(bare, server_hostname=host) as wrapped,
        ):
            say(f"{wrapped.version()}, the certificate is valid")


def _try_out(report: _Report, trial: MailboxTrial) -> bool:
    """Whether the probe left."""
    mailbox = trial.mailbox
    try:
        with report.step("Choose the outgoing server", "smtp") as say:
            server = server_for(mailbox)
            whose = "the installation's" if server.ours else "the mailbox's own"
            say(f"{server.host}:{server.port}, {whose}")
        if not server.ours:
            _try_to_connect(report, "SMTP", server.host, server.port, implicit_tls=server.security == Security.TLS)
        with report.step("Send a mail to itself", "smtp") as say:
            trial.probe = f"<trial.{trial.pk.hex}@{mailbox.address.rpartition('@')[2]}>"
            say(_send_probe(server, mailbox, trial))
    except _Stopped:
        return False
    return True


def _send_probe(server: OutgoingServer, mailbox: Mailbox, trial: MailboxTrial) -> str:
    mail = EmailMessage()
    mail["From"] = mail["To"] = mailbox.address
    mail["Subject"], mail["Message-ID"] = "Trial of this mailbox", trial.probe
    mail["Date"], mail["Auto-Submitted"] = format_datetime(clock.now()), "auto-generated"
    mail.set_content("This mail was sent to try whether mail comes and goes here. Nobody needs to answer it.")
    with connected(server) as smtp:
        greet(smtp, server)
        smtp.send_message(mail, mailbox.address, [mailbox.address])
    return f"{server.host} took it"


def _try_round_trip(report: _Report, trial: MailboxTrial, session: BaseMailBox | None) -> None:
    with suppress(_Stopped), report.step("Get it back", "round trip") as say:
        began = time.monotonic()
        while time.monotonic() - began < COMES_BACK:
            if _in_ledger(trial) or (session is not None and _in_mailbox(session, trial)):
                say(f"It came back after {time.monotonic() - began:.0f} s: mail comes and goes.")
                return
            time.sleep(LOOK)
        raise TimeoutError(f"It left, and did not come back within {COMES_BACK:.0f} s.")


def _in_mailbox(session: BaseMailBox, trial: MailboxTrial) -> bool:
    session.client.noop()
    return bool(session.uids(f'HEADER MESSAGE-ID "{trial.probe}"'))


def _in_ledger(trial: MailboxTrial) -> bool:
    came = RawEmail.objects.filter(received_at__gte=trial.created_at, size__lt=100_000).values_list(
        "content", flat=True
    )
    return any(trial.probe.encode() in bytes(content) for content in came.order_by("-received_at")[:200])
