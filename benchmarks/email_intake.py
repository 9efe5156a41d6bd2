"""Mail from raw bytes to a case, at 1,000 and at 200,000 stored messages.

One process does what the mail listener and a worker do: each mail is committed as it is (only then the listener says
250), and the worker takes what has come off the outbox in portions. Three of ten mails answer an earlier one: a third
to the signed address, a third by a Message-ID that we made, a third by References to the customer's own first mail
beside an In-Reply-To that nobody knows. What follows a message (routing, the search index, the screens) has
transactions of its own and is left lying.

The peer writes exactly the rows of intake with bare psycopg2, in the same statements and with the same commits. CPU is
that of this process and of its database backend; where others use the machine too, it tells more than mails a second.
Both sizes stand in databases of their own and take the same mails in turns, so that what else the machine does falls on
both, and growth is that of CPU from turn to turn.
BENCH_STORED sets another size than 200,000, for a machine that has not the minutes to write so many.
"""

import os
import resource
import statistics
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from benchmarks import stage
from benchmarks.bare_psycopg2 import listening, write
from benchmarks.correspondence import ADDRESS, Correspondence, Mail
from benchmarks.spent import Spent
from benchmarks.stored_mail import TABLES, store_past
from brands.models import Brand
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door, RawState
from channels_email.models import Mailbox, RawEmail
from customers.models import SearchKey
from foundation import clock
from foundation.calendar.models import Calendar
from foundation.outbox.models import OutboxRow
from foundation.outbox.work import work
from interactions.models import Attachment, Message, Queue

COUNT = 1_000
PORTION = 100  # mails that come before the worker looks
ALONE = 100  # mails that are worked on one by one
TURNS = COUNT // PORTION
TURNS_BESIDE = 4
FEW, MANY = 1_000, int(os.environ.get("BENCH_STORED", "200000"))


def run() -> dict[str, Any]:
    load = round(os.getloadavg()[0], 1)  # what else the machine is doing
    with stage.stage(), tempfile.TemporaryDirectory() as files:
        settings.MEDIA_ROOT = files
        mailbox = _set_up()
        store_past(mailbox, FEW, seed=1)
        with stage.twin() as with_few:
            store_past(mailbox, MANY - FEW, seed=2)
            stored = Message.objects.count()
            few, many = _Size(with_few), _Size(connections[DEFAULT_DB_ALIAS])
            _in_turns(few, many)
            with stage.on(with_few):
                beside = _beside_bare_psycopg2(few.correspondence)
                resent = _sent_again(few.correspondence)
                alone = _one_by_one(few.correspondence)
            right = [size.answers_placed() for size in (few, many)]
    return {
        **few.figures(),
        "limit_mails_per_second": 200,
        **beside,
        **alone,
        "answers_threaded_right": sum(placed for placed, _ in right),
        "answers": sum(answers for _, answers in right),
        **resent,
        "stored_messages": stored,
        **{f"then_{name}": figure for name, figure in many.figures().items()},
        "growth_of_cpu": round(statistics.median(many.cpu(turn) / few.cpu(turn) for turn in range(TURNS)), 3),
        "limit_growth": 1.15,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "mails": COUNT,
        "load_before": load,
    }


def _set_up() -> Mailbox:
    calendar = Calendar.objects.create(name="Always")
    brand = Brand.objects.create(name="Shop")
    queue = Queue.objects.create(name="Support", brand=brand, calendar=calendar)
    return Mailbox.objects.create(address=ADDRESS, queue=queue)


@dataclass
class _Size:
    """A database with so many messages, and what its turns took."""

    database: BaseDatabaseWrapper
    correspondence: Correspondence = field(default_factory=lambda: Correspondence(seed=1))
    turns: list[Spent] = field(default_factory=list)

    def cpu(self, turn: int) -> float:
        return self.turns[turn].cpu

    def figures(self) -> dict[str, float]:
        return {
            "mails_per_second": round(COUNT / sum(spent.clock for spent in self.turns), 1),
            "cpu_ms_per_mail": round(sum(spent.cpu for spent in self.turns) / COUNT * 1000, 2),
            "cpu_ms_of_database": round(sum(spent.database for spent in self.turns) / COUNT * 1000, 2),
        }

    def answers_placed(self) -> tuple[int, int]:
        with stage.on(self.database):
            return self.correspondence.answers_placed()


def _in_turns(*sizes: _Size) -> None:
    for size in sizes:
        with stage.on(size.database):  # warm, and something to answer
            _take(size.correspondence, size.correspondence.new(PORTION))
    for _ in range(TURNS):
        for size in sizes:
            size.turns.append(Spent())
            with stage.on(size.database):
                _take(size.correspondence, size.correspondence.mixed(PORTION), size.turns[-1])


def _take(correspondence: Correspondence, mails: list[Mail], spent: Spent | None = None) -> list[UUID]:
    with (spent or Spent()).measuring():
        raws = [_arrive(mail) for mail in mails]
        _work()
    correspondence.note(raws, mails)
    return raws


def _arrive(mail: Mail) -> UUID:
    sent = mail.sent
    origin = Origin(door=Door.SMTP, source="mx.example [192.0.2.1]", sender=sent.sender, recipients=[sent.to])
    return take_in(sent.content, origin).pk


def _beside_bare_psycopg2(correspondence: Correspondence) -> dict[str, float]:
    """A portion as it is, one that is listened to, and the rows of that one alone; several times, in turns."""
    ours, bare, statements, mails = Spent(), Spent(), 0, 0
    for _ in range(TURNS_BESIDE):
        _take(correspondence, correspondence.mixed(PORTION), ours)
        listened_to = correspondence.mixed(PORTION)
        began = clock.now()
        with listening() as heard:
            _take(correspondence, listened_to)
        _forget(began)
        write(heard.transactions, bare)
        OutboxRow.objects.filter(queue="mail").delete()
        statements, mails = statements + heard.statements, mails + PORTION
    return {
        "sql_statements_per_mail": round(statements / mails, 2),
        "bare_psycopg2_mails_per_second": round(mails / bare.clock, 1),
        "bare_psycopg2_cpu_ms": round(bare.cpu / mails * 1000, 2),
        "share_of_bare_psycopg2": round(bare.clock / ours.clock, 3),
        "share_by_cpu": round(bare.cpu / ours.cpu, 3),
        "limit_share": 0.4,
    }


def _forget(since: datetime) -> None:
    """What was written since then is there no more, so that it can be written again."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (OutboxRow, Attachment, *reversed(TABLES)):
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE created_at >= %s", [since])
        SearchKey.objects.filter(at__gte=since).delete()  # last: triggers wrote some anew for what was not yet gone


def _sent_again(correspondence: Correspondence) -> dict[str, int]:
    """Every mail once more, as a server sends it that did not hear our answer."""
    messages, files = Message.objects.count(), Attachment.objects.count()
    raws = [_arrive(mail) for _, mail in correspondence.taken_in]
    _work()
    return {
        "resent": len(raws),
        "known_again": RawEmail.objects.filter(pk__in=raws, state=RawState.DUPLICATE).count(),
        "doubled": Message.objects.count() - messages + Attachment.objects.count() - files,
    }


def _work() -> None:
    """All that has come, however slow the machine is."""
    while work("mail"):
        pass


def _one_by_one(correspondence: Correspondence) -> dict[str, float]:
    """What a mail costs that comes alone: from its last byte to its case."""
    mails, spent, each = correspondence.mixed(ALONE), Spent(), []
    with listening() as heard:
        for mail in mails:
            before = spent.clock
            _take(correspondence, [mail], spent)
            each.append((spent.clock - before) * 1000)
    return {
        "alone_ms_p50": round(statistics.median(each), 1),
        "alone_ms_p95": round(statistics.quantiles(each, n=20)[-1], 1),
        "alone_cpu_ms": round(spent.cpu / ALONE * 1000, 2),
        "alone_sql_statements": round(heard.statements / ALONE, 1),
    }
