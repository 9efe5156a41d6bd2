"""Mails flow in by SMTP and IMAP and answers flow out, while everything is killed in turn. Every mail is one message.

Besides: a process ends itself at each point of intake's commits, IMAP is cut in the middle of mails and numbered
anew, the disk is full for a while, killed processes come back with a clock that is a day wrong, and what a blocked
domain sent is read again when it is blocked no more.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

from channels_email.domain.block import block, unblock
from channels_email.domain.reprocess import start_reprocessing
from channels_email.enums import RawState
from channels_email.events import RawEmailStored, ReprocessingDue
from channels_email.models import RawEmail
from foundation.outbox.models import OutboxRow
from interactions.events import MessageReceived
from proofs import outcome
from proofs.customers import Senders, mail
from proofs.desk import Desk, send_again
from proofs.dovecot import PASSWORD, Dovecot, temporary_dovecot
from proofs.house import House, load
from proofs.imap_server import ImapServer, Inbox
from proofs.sink import Sink
from proofs.world import SHOP, make_administrator, make_world, read_by_imap

MAILS, ANSWERS, ON_A_FULL_DISK, BLOCKED = 5000, 1000, 30, 400
BY_IMAP = 0.2  # of the mails, shared by two mailboxes
IN_TURN = ("worker", "web", "mail", "relay", "postgres", "valkey", "beat")
A_DAY = timedelta(days=1).total_seconds()
MALLORYS = "mallory.example"  # the blocked domain
PATIENCE = 2400.0  # seconds at full size
POINTS = [
    *("outbox.claimed_mail", "outbox.claimed_live", "outbox.claimed_bulk"),
    *(f"intake.{door}.{side}_commit" for door in ("smtp", "imap") for side in ("before", "after")),
    *("imap.position.before_commit", "imap.position.after_commit", "imap.seen.before", "imap.seen.after"),
]


def prove(house: House, scale: float) -> dict[str, Any]:
    began = time.monotonic()
    mails, answers, full, turned_away = (
        max(1, round(number * scale)) for number in (MAILS, ANSWERS, ON_A_FULL_DISK, BLOCKED)
    )
    ana, queue = make_world()
    olle = make_administrator()
    blocked = block(f"@{MALLORYS}", olle)
    by_imap = round(mails * BY_IMAP / 2)
    total = mails + full + turned_away
    expected = {f"{number}@proof.example" for number in range(total)}
    points = [*POINTS, *outcome.receivers_of(RawEmailStored, MessageReceived, ReprocessingDue)]
    with ExitStack() as stack:
        inbox = Inbox(f"small@{SHOP}", "secret", cuts=max(2, by_imap // 50))
        server = stack.enter_context(ImapServer(inbox))
        dovecot = stack.enter_context(temporary_dovecot())
        read_by_imap(queue, inbox.user, server.port, inbox.password)
        if dovecot is not None:
            read_by_imap(queue, f"real@{SHOP}", dovecot.port, PASSWORD)
        sink = stack.enter_context(Sink(house.ports.mailboxes))
        house.start(armed=points)
        by_smtp = mails - by_imap * (2 if dovecot else 1)
        sent = [mail(n, f"support@{SHOP}", files=n % 10 == 0) for n in range(by_smtp)]
        sent += [mail(n, f"support@{SHOP}", host=MALLORYS) for n in range(mails + full, total)]
        senders = Senders(house.ports.smtp, sent, f"support@{SHOP}")
        desk = Desk(house, ana, answers, lambda _, case: case.customer.identities.all()[0].value, hands=3)
        senders.start()
        desk.start()
        rest = [(n, inbox.user) for n in range(by_smtp, by_smtp + by_imap)]
        _storm(house, senders, inbox, dovecot, rest, range(by_smtp + by_imap, mails))
        in_time = house.until(lambda: senders.over() and inbox.unseen() == 0, PATIENCE * scale + 60)
        house.say("everything was sent; the disk fills up")
        put_off = _fill_the_disk(house, range(mails, mails + full))
        in_time &= house.until(lambda: RawEmail.objects.count() >= total and outcome.quiet(), PATIENCE * scale + 60)
        house.say("everything was understood; what was blocked is read again")
        ignored = RawEmail.objects.filter(state=RawState.IGNORED).count()
        unblock(blocked.pk, olle)
        job = start_reprocessing(olle, replace(outcome.these_days(), state=RawState.IGNORED.value))
        in_time &= house.until(lambda: outcome.read_again(job) and outcome.quiet(), PATIENCE * scale + 60)
        in_time &= house.until(lambda: desk.over() and outcome.delivered(answers), PATIENCE * scale + 60)
        again = send_again(sink, ana)
        in_time &= house.until(lambda: outcome.delivered(answers), PATIENCE * scale + 60)
        house.say("every answer is at its end")
        missed = sorted(set(points) - set(house.died_at()))
        found = {**outcome.mails_in(expected), **outcome.answers_out(sink, answers)}
    nothing = ("lost", "doubled", "strange", "differences", "dead_letters",
               "answers_lost", "answers_doubled", "answers_written_twice")  # fmt: skip
    return {
        "proof": "intake",
        "holds": in_time and not missed and put_off > 0 and not any(found[name] for name in nothing)
        and found["answers_written"] == answers and ignored >= turned_away,
        **found,
        "by": {"smtp": by_smtp, "imap": by_imap, "dovecot": by_imap if dovecot else 0},
        "killed": dict(house.killed),
        "died_at": len(house.died_at()),
        "points_not_reached": missed,
        "imap_cut_or_renumbered": inbox.uidvalidity > 1 and inbox.cuts == 0,
        "put_off_by_a_full_disk": put_off,
        "sent_again_by_hand": again,
        "blocked_and_read_again": ignored,
        "clock_wrong_by_seconds": A_DAY,
        "attempts": {"smtp": senders.tries, "desk": desk.tries, "refused": dict(desk.refused)},
        "in_time": in_time,
        "seconds": round(time.monotonic() - began),
        "load": load(),
    }  # fmt: skip


def _storm(
    house: House,
    senders: Senders,
    inbox: Inbox,
    dovecot: Dovecot | None,
    small: list[tuple[int, str]],
    real: range,
) -> None:
    """Everything is killed once as the mails come; those of the mailboxes arrive in the same portions."""
    total = len(senders.left) + senders.taken
    steps = len(IN_TURN) + 1
    # Who is killed comes back with a wrong clock, and is right again in the life after that.
    house.running["worker"].clock_wrong_by = [A_DAY]
    house.running["mail"].clock_wrong_by = [-A_DAY]
    for step in range(steps):
        for number, to in small[step::steps]:
            inbox.add(mail(number, to))
        if dovecot is not None:
            dovecot.deliver_all([mail(number, f"real@{SHOP}") for number in real[step::steps]], user=f"real@{SHOP}")
        if step == steps // 2:
            house.until(lambda: inbox.unseen() == 0, 30)
            inbox.renumber()
        house.until(_reached(senders, total * (step + 1) / (steps + 1)), 600)
        if step < len(IN_TURN):
            house.kill(IN_TURN[step])
    house.until(lambda: house.tick() is None, 1)
    for name in ("worker", "mail"):
        house.kill(name)


def _reached(senders: Senders, number: float) -> Callable[[], bool]:
    return lambda: senders.taken >= number


def _fill_the_disk(house: House, numbers: range) -> int:
    """Mails with files come while nothing can be written; how many were put off. None of them may be given up."""
    full = house.faults / "disk_full"
    full.touch()
    senders = Senders(house.ports.smtp, [mail(n, f"support@{SHOP}", files=1) for n in numbers], f"support@{SHOP}")
    senders.start()
    house.until(lambda: senders.over() and _put_off() > 0, 240)
    house.until(lambda: False, 1)
    put_off = _put_off()
    full.unlink()
    return put_off


def _put_off() -> int:
    """Mails that could not be understood because their files could not be stored."""
    return OutboxRow.objects.filter(error__contains=os.strerror(errno.ENOSPC)).count()
