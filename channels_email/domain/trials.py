"""Trials of mailboxes as rows: one at a time of each mailbox, over when its mail is back or nobody works on it.

Nobody waits in between: the mail's arrival ends a trial, or a look into the mailbox that is put off for later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from agents.models import Agent
from channels_email.domain.access import access_mailbox
from channels_email.events import MailboxTrialRequested
from channels_email.models import MailboxTrial
from foundation import bus, clock

LIFE = timedelta(minutes=5)  # longer than any trial takes; one still open then was left behind by a worker that died
RETURN = "Get it back"

_MARK = re.compile(r"<?trial\.([0-9a-f]{32})@")


def ask_trial(agent: Agent, mailbox: UUID) -> MailboxTrial:
    """A job that tries everything the mailbox needs; where one is open already, that one. Raises NotAllowed."""
    found = access_mailbox(agent, mailbox)
    give_up_forgotten(found.pk)
    try:
        with transaction.atomic():
            trial = MailboxTrial.objects.create(mailbox=found, requested_by=agent)
            bus.publish(MailboxTrialRequested(trial=trial.pk))
            return trial
    except IntegrityError:
        return found.trials.order_by("finished_at", "-created_at").reverse()[0]  # the open one: NULL sorts last


def latest_trial(mailbox: UUID) -> MailboxTrial | None:
    give_up_forgotten(mailbox)
    return MailboxTrial.objects.filter(mailbox=mailbox).first()


def give_up_forgotten(mailbox: UUID) -> None:
    """Ends a trial that nobody ended in time, so that it is said and another one may begin."""
    with transaction.atomic():
        forgotten = MailboxTrial.objects.open().filter(mailbox=mailbox, created_at__lt=clock.now() - LIFE)
        for trial in forgotten.select_for_update(skip_locked=True, of=("self",)):
            words = {
                "words": "It stopped halfway.",
                "advice": "Press Test again. If it stops again, is a worker running?",
            }
            running = [step for step in trial.steps if step["state"] == "running"]
            for step in running:
                step.update(state="failed", **words)
            if not running:
                trial.steps.append({"title": "Try the mailbox", "state": "failed", **words})
            finish(trial)


def finish(trial: MailboxTrial) -> None:
    """With the steps as they stand in `trial`; nothing where it is over already."""
    MailboxTrial.objects.open().filter(pk=trial.pk).update(steps=trial.steps, finished_at=clock.now())


def mark_of(trial: MailboxTrial) -> str:
    """The Message-ID of the mail that the mailbox sends to itself."""
    return f"<trial.{trial.pk.hex}@{trial.mailbox.address.rpartition('@')[2]}>"


def note_returned(message_ids: Iterable[str]) -> None:
    """Ends the trials whose mails are among these, which came in. In the transaction of their mails."""
    returned = [UUID(mark[1]) for one in message_ids if (mark := _MARK.match(one))]
    if not returned:
        return
    for trial in MailboxTrial.objects.open().select_for_update(of=("self",)).filter(pk__in=returned):
        trial.returned_at = trial.returned_at or clock.now()
        trial.save(update_fields=["returned_at"])
        if trial.sent_at is not None:
            say_returned(trial)


def say_returned(trial: MailboxTrial) -> None:
    """It is over, and well."""
    took = (trial.returned_at or clock.now()) - (trial.sent_at or clock.now())
    seconds = max(0, round(took.total_seconds()))
    settle_return(trial, state="ok", words=f"It came back after {seconds} s: mail comes and goes.")


def settle_return(trial: MailboxTrial, **line: Any) -> None:
    """Ends the trial with what became of the mail to itself."""
    trial.steps = [{**step, **line} if step["title"] == RETURN else step for step in trial.steps]
    finish(trial)
