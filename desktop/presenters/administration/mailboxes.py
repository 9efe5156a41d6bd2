"""Mailboxes and how they are, ready to be written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from channels_email.adapter.oauth import missing
from channels_email.enums import SignIn
from channels_email.models import Mailbox, MailboxTrial
from desktop.presenters.words import Look

_STEP = {
    "ok": Look("ok", "Works", "circle-check", "success"),
    "failed": Look("failed", "Does not work", "alert-triangle", "danger"),
    "skipped": Look("skipped", "Not used", "minus"),
    "running": Look("running", "Being tried", "loader-2", "accent"),
}


@dataclass(frozen=True)
class MailboxLine:
    url: str
    address: str
    queue: str
    way_in: str
    way_out: str
    state: Look
    trouble: str
    read_at: datetime | None


@dataclass(frozen=True)
class TrialStep:
    title: str
    look: Look
    words: str
    advice: str


@dataclass(frozen=True)
class TrialView:
    id: UUID
    url: str
    steps: list[TrialStep]
    running: bool
    verdict: Look
    finished_at: datetime | None


@dataclass(frozen=True)
class ConnectView:
    """The sign-in at a provider: the settings that must be there before it can be begun, and whether it was done."""

    provider: str
    url: str
    missing: list[str]
    redirect: str
    connected: bool


def mailbox_lines(mailboxes: Iterable[Mailbox]) -> list[MailboxLine]:
    """One line each; those in use first, among them those that have trouble."""
    return [
        MailboxLine(
            url=reverse("desktop:mailbox", args=[mailbox.pk]),
            address=mailbox.address,
            queue=mailbox.queue.name,
            way_in=f"IMAP at {mailbox.imap_host}" if mailbox.imap_host else "SMTP, LMTP or webhook",
            way_out=mailbox.smtp_host or "the installation's server",
            state=_state(mailbox),
            trouble=mailbox.trouble,
            read_at=mailbox.read_at,
        )
        for mailbox in sorted(mailboxes, key=lambda one: (not one.active, not one.trouble))
    ]


def _state(mailbox: Mailbox) -> Look:
    if not mailbox.active:
        return Look("off", "Not in use", "minus")
    if mailbox.trouble:
        return Look("trouble", "Trouble", "alert-triangle", "danger")
    if mailbox.sign_in != SignIn.PASSWORD and not mailbox.refresh_token:
        return Look("trouble", "Not connected", "alert-triangle", "danger")
    return Look("on", "In use", "check", "success")


def trial_view(trial: MailboxTrial) -> TrialView:
    steps = [TrialStep(step["title"], _STEP[step["state"]], step["words"], step["advice"]) for step in trial.steps]
    failed = any(step["state"] == "failed" for step in trial.steps)
    running = trial.finished_at is None
    verdict = _STEP["running"] if running else _STEP["failed"] if failed else _STEP["ok"]
    url = reverse("desktop:mailbox_trial", args=[trial.pk])
    return TrialView(trial.pk, url, steps, running, verdict, trial.finished_at)


def connect_view(mailbox: Mailbox, redirect: str) -> ConnectView | None:
    """`redirect`: where the provider sends people back to. None for a mailbox that signs in with a password."""
    if mailbox.sign_in == SignIn.PASSWORD:
        return None
    return ConnectView(
        provider=SignIn(mailbox.sign_in).name.title(),
        url=reverse("desktop:mailbox_consent", args=[mailbox.pk]),
        missing=missing(mailbox.sign_in),
        redirect=redirect,
        connected=bool(mailbox.refresh_token),
    )
