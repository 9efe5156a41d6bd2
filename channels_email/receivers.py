from collections.abc import Sequence

from channels_email.adapter.trial import look_for_return, run_trial
from channels_email.domain import alarms
from channels_email.domain.acknowledge import acknowledge_interaction
from channels_email.domain.process import process_all
from channels_email.domain.reprocess import reprocess_portion
from channels_email.events import MailboxTrialLookDue, MailboxTrialRequested, RawEmailStored, ReprocessingDue
from foundation.bus import after
from interactions.events import Waiting

__all__ = ["acknowledge", "alarms", "look_for_a_trials_mail", "process_a_portion_again", "try_mailbox", "understand"]


@after(RawEmailStored, queue="mail", batch=True)
def understand(events: Sequence[RawEmailStored]) -> None:
    process_all([event.raw for event in events])


@after(Waiting, queue="mail")
def acknowledge(event: Waiting) -> None:
    acknowledge_interaction(event.interaction)


@after(ReprocessingDue, queue="bulk")
def process_a_portion_again(event: ReprocessingDue) -> None:
    reprocess_portion(event.job)


def _one_after_the_other(_: MailboxTrialRequested) -> str:
    """Servers may be slow to answer: however many mailboxes are tried, one worker at most waits for them."""
    return "all"


@after(MailboxTrialRequested, queue="bulk", atomic=False, order_by=_one_after_the_other)
def try_mailbox(event: MailboxTrialRequested) -> None:
    run_trial(event.trial)


@after(MailboxTrialLookDue, queue="bulk", atomic=False)
def look_for_a_trials_mail(event: MailboxTrialLookDue) -> None:
    look_for_return(event.trial, event.look)
