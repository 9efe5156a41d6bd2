"""When mail stops moving: said within minutes, to people who can do something about it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Min, Q

from channels_email.domain.reconcile import LATE
from channels_email.enums import RawState
from channels_email.models import Mailbox, RawEmail
from foundation import clock
from foundation.alarms import Alarm, source
from foundation.heartbeat import last_beat

LISTENER = "mail listener"
SILENT = timedelta(seconds=90)  # the listener says every ten seconds that it lives
UNREAD = timedelta(minutes=12)  # a mailbox is looked into at least every four minutes


@source("mail_waiting")
def mail_waits() -> Alarm | None:
    """Mails that were taken in and that no worker has understood."""
    late = RawEmail.objects.filter(state=RawState.RECEIVED, received_at__lt=clock.now() - LATE)
    found = late.aggregate(mails=Count("pk"), since=Min("received_at"))
    if not found["mails"]:
        return None
    words = f"{found['mails']} mail{_s(found['mails'])} waiting to be understood. Is a worker running?"
    return Alarm(words=words, since=found["since"], count=found["mails"])


@source("mailbox_unread")
def mailboxes_are_not_read() -> Alarm | None:
    """Mailboxes that are to be read by IMAP and were not looked into for a while."""
    limit = clock.now() - UNREAD
    unread = Mailbox.objects.fetched().filter(Q(read_at__lt=limit) | Q(read_at=None, created_at__lt=limit))
    found = list(unread.values_list("address", "trouble", "read_at"))
    if not found:
        return None
    names = ", ".join(address for address, _, _ in found[:3]) + (" and others" if len(found) > 3 else "")
    trouble = next((trouble for _, trouble, _ in found if trouble), "")
    words = f"No mail is fetched from {names}." + (f" {trouble[:160]}" if trouble else "")
    return Alarm(words=words, since=min((at for *_, at in found if at), default=None), count=len(found))


@source("mail_listener")
def listener_is_silent() -> Alarm | None:
    """There are mailboxes, and nobody listens for their mail."""
    beat = last_beat(LISTENER)
    if (beat is not None and beat > clock.now() - SILENT) or not Mailbox.objects.active().exists():
        return None
    return Alarm(words="The mail listener gives no sign of life: no mail comes in.", since=beat)


def _s(number: int) -> str:
    return " is" if number == 1 else "s are"
