"""Trying a mailbox: each step that mail needs, in and out, with what is wrong in words and what to do about it."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from django.db import transaction
from imap_tools import BaseMailBox, ImapToolsError

from channels_email.adapter.imap import connect, sign_in
from channels_email.adapter.oauth import NotConfigured, SignInRefused
from channels_email.adapter.outgoing_server import OutgoingServer, server_for
from channels_email.adapter.smtp import connected, greet
from channels_email.adapter.trouble_words import Advice, advise, what_never_came
from channels_email.domain.trials import LIFE, RETURN, finish, mark_of, say_returned, settle_return
from channels_email.enums import Security
from channels_email.errors import SettingsUnfit
from channels_email.events import MailboxTrialLookDue
from channels_email.models import Mailbox, MailboxTrial
from foundation import bus, clock
from foundation.addresses import public_address
from interactions.errors import TransientFailure

PATIENCE = 10.0  # seconds for each answer of a server
PAUSES = (1, 2, 4, 6, 8, 10, 14)  # seconds before each look for the mail; most servers deliver to themselves at once

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


def run_trial(trial_id: UUID) -> MailboxTrial | None:
    """Tries the mailbox and writes each step down as it ends; None when that was done. Again begins afresh.

    Where a mail to itself has left, the trial stays open: see `look_for_return`.
    """
    fresh = MailboxTrial.objects.open().filter(sent_at=None, created_at__gte=clock.now() - LIFE)
    trial = fresh.select_related("mailbox").filter(pk=trial_id).first()
    if trial is None:
        return None
    trial.steps = []
    report = _Report(trial)
    waits = False
    try:
        comes = _try_in(report, trial.mailbox)
        if _try_out(report, trial):
            if comes:
                waits = True
                _wait_for_return(trial)
            else:
                report.skip(RETURN, "Not waited for, as the mailbox cannot be read.")
    finally:
        if not waits:
            finish(trial)
    return trial


def look_for_return(trial_id: UUID, look: int) -> None:
    """Whether the mail to itself is in the mailbox; where not, the next look is put off, or it is given up."""
    waiting = MailboxTrial.objects.open().filter(sent_at__isnull=False, looks=look)
    trial = waiting.select_related("mailbox").filter(pk=trial_id).first()
    if trial is None:
        return
    if trial.returned_at is not None or _in_mailbox(trial):
        say_returned(trial)
    elif look + 1 < len(PAUSES):
        with transaction.atomic():
            if waiting.filter(pk=trial_id).update(looks=look + 1):
                _look_later(trial, look + 1)
    else:
        advice = what_never_came(sum(PAUSES))
        settle_return(trial, state="failed", words=advice.words, advice=advice.what_to_do)


def _wait_for_return(trial: MailboxTrial) -> None:
    """By no worker: by the mail's arrival, or by looks that are put off."""
    words = f"It left. It may take up to {sum(PAUSES)} s."
    trial.steps.append({"title": RETURN, "state": "running", "words": words, "advice": ""})
    with transaction.atomic():
        here = MailboxTrial.objects.open().filter(pk=trial.pk)
        if here.update(steps=trial.steps, sent_at=clock.now()):
            _look_later(trial, 0)


def _look_later(trial: MailboxTrial, look: int) -> None:
    bus.publish_at(clock.now() + timedelta(seconds=PAUSES[look]), MailboxTrialLookDue(trial=trial.pk, look=look))


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
        trial = self.trial
        MailboxTrial.objects.open().filter(pk=trial.pk).update(steps=trial.steps, probe=trial.probe)


def _try_in(report: _Report, mailbox: Mailbox) -> bool:
    """Whether mail can come in."""
    if not mailbox.imap_host:
        report.skip("Mail in by IMAP", "No IMAP server is named: mail reaches this mailbox by SMTP, LMTP or a webhook.")
        return True
    where = (mailbox.imap_host, mailbox.imap_port)
    session: BaseMailBox | None = None
    try:
        _try_to_connect(report, "IMAP", *where, implicit_tls=mailbox.imap_security == Security.TLS)
        with report.step("Sign in to IMAP", "imap") as say:
            session = connect(mailbox, timeout=PATIENCE)
            sign_in(session, mailbox)
            say(f"as {mailbox.imap_user or mailbox.address}")
        with report.step("Open the folder", "imap") as say:
            _open_folder(session, mailbox, say)
        with report.step("Hear of new mail at once", "imap") as say:
            idles = "IDLE" in session.client.capabilities
            say("The server tells of new mail (IDLE)." if idles else "It does not (no IDLE): looked at every 15 s.")
    except _Stopped:
        return False
    finally:
        if session is not None:
            _leave(session)
    return True


def _open_folder(session: BaseMailBox, mailbox: Mailbox, say: Callable[[str], None]) -> None:
    folders = [folder.name for folder in session.folder.list()]
    if mailbox.imap_folder not in folders and mailbox.imap_folder.upper() != "INBOX":
        there = ", ".join(folders[:20])
        raise SettingsUnfit(f"There is no folder {mailbox.imap_folder!r}. There are: {there}.", "Choose one of these.")
    session.folder.set(mailbox.imap_folder)
    held = session.folder.status(mailbox.imap_folder, ["MESSAGES", "UNSEEN"])
    mails, more = held["MESSAGES"], len(folders)
    say(
        f"{mailbox.imap_folder}: {mails} mail{'' if mails == 1 else 's'}, {held['UNSEEN']} unread. "
        f"{more} folder{'' if more == 1 else 's'} in all."
    )


def _try_to_connect(report: _Report, protocol: str, host: str, port: int, *, implicit_tls: bool) -> None:
    server = protocol.lower()
    with report.step(f"Find the {protocol} server", server) as say:
        address = public_address(host, port)
        say(f"{host} is {address}")
    with report.step(f"Reach the {protocol} server", server) as say:
        socket.create_connection((address, port), timeout=PATIENCE).close()
        say(f"port {port} answers")
    if implicit_tls:
        with (
            report.step(f"Encrypt to the {protocol} server", server) as say,
            socket.create_connection((address, port), timeout=PATIENCE) as bare,
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
            trial.probe = mark_of(trial)
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
    with connected(server, timeout=PATIENCE) as smtp:
        greet(smtp, server)
        smtp.send_message(mail, mailbox.address, [mailbox.address])
    return f"{server.host} took it"


def _in_mailbox(trial: MailboxTrial) -> bool:
    """Also where nobody else reads the mailbox; a server that is in trouble now is asked again at the next look."""
    mailbox = trial.mailbox
    if not mailbox.imap_host:
        return False
    session: BaseMailBox | None = None
    try:
        session = connect(mailbox, timeout=PATIENCE)
        sign_in(session, mailbox)
        session.folder.set(mailbox.imap_folder)
        return bool(session.uids(f'HEADER MESSAGE-ID "{trial.probe}"'))
    except TROUBLE:
        return False
    finally:
        if session is not None:
            _leave(session)
