"""Take rows to work on, and give them back when the work failed."""

import json
import random
import traceback
from datetime import timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection

from foundation import clock
from foundation.outbox.models import OutboxRow

LEASE = timedelta(seconds=settings.OUTBOX_LEASE)
LONG_LEASE = timedelta(
    seconds=settings.OUTBOX_LONG_LEASE
)  # for acts outside the database, longer than any of their time-outs
MAX_ATTEMPTS = 15  # with the pauses below, some five hours of trying
LONGEST_PAUSE = 3600.0
NEVER = timedelta(seconds=2 * LONGEST_PAUSE)  # nothing is put off for so long: a clock that was wrong wrote that

# Only the oldest open row of a key may be taken, also while another worker holds it. SKIP LOCKED lets workers stand
# side by side; the lease brings back what a dead worker had taken and not begun, as does one so far ahead that a wrong
# clock wrote it. MATERIALIZED, because the planner may otherwise run the selection again for each row of the update and
# take far more than the limit. A row that still has a lease was left behind by a worker that died or hung: that counts
# as an attempt, and as the row may be what killed it, each further one holds it longer before the next comes to grief.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id, lease IS NOT NULL AS left_behind FROM foundation_outbox AS mine
    WHERE queue = %(queue)s AND dead_at IS NULL AND (run_after <= %(now)s OR run_after > %(never)s)
      AND (leased_until IS NULL OR leased_until < %(now)s OR leased_until > %(nonsense)s)
      AND (order_key IS NULL OR NOT EXISTS (
          SELECT 1 FROM foundation_outbox AS older
          WHERE older.dead_at IS NULL AND older.order_key IS NOT NULL
            AND older.receiver = mine.receiver AND older.order_key = mine.order_key AND older.id < mine.id))
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
UPDATE foundation_outbox AS taken
SET lease = %(lease)s, attempts = taken.attempts + due.left_behind::integer,
    leased_until = %(now)s + LEAST(%(hold)s * (1 << LEAST(taken.attempts + due.left_behind::integer, 10)), %(longest)s),
    dead_at = CASE WHEN due.left_behind AND taken.attempts + 1 >= %(most)s THEN %(now)s END,
    error = CASE WHEN due.left_behind THEN 'the worker that had it died or hung' ELSE taken.error END
FROM due WHERE taken.id = due.id
RETURNING taken.*
"""
NAMES = [str(field.attname) for field in OutboxRow._meta.concrete_fields]  # as the columns are called, too


def claim(queue: str, lease: UUID, limit: int) -> list[OutboxRow]:
    """Up to `limit` due rows of the queue, oldest first, held under `lease` for a while.

    A row whose worker did not come back has one attempt more; after MAX_ATTEMPTS it is laid out as dead instead.
    """
    now = clock.now()
    values: dict[str, Any] = {
        "lease": lease,
        "hold": LEASE,
        "longest": max(LEASE, LONG_LEASE),
        "now": now,
        "nonsense": now + 2 * LONG_LEASE,
        "never": now + NEVER,
        "queue": queue,
        "limit": limit,
        "most": MAX_ATTEMPTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        columns = [column.name for column in cursor.description or ()]
        rows = [_row(dict(zip(columns, claimed, strict=True))) for claimed in cursor.fetchall()]
    return sorted((row for row in rows if row.dead_at is None), key=attrgetter("pk"))


def close(rows: list[OutboxRow], lease: UUID) -> list[OutboxRow]:
    """Delete those of the rows still under this lease; which they were. Stands first in the receiver's transaction.

    The deleted row stays locked until that transaction ends, so nobody else starts it however long the work takes;
    when the transaction fails, the row is there again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM foundation_outbox WHERE id = ANY(%s) AND lease = %s RETURNING id",
            [[row.pk for row in rows], lease],
        )
        closed = {key for (key,) in cursor.fetchall()}
    return [row for row in rows if row.pk in closed]


def _row(columns: dict[str, Any]) -> OutboxRow:
    """As `raw` makes it, which asks the model about every column at every claim, also when there is nothing to do."""
    columns["payload"] = json.loads(columns["payload"])
    return OutboxRow.from_db(DEFAULT_DB_ALIAS, NAMES, [columns[name] for name in NAMES])


def extend(row: OutboxRow, lease: UUID) -> bool:
    """Hold the row for an act outside the database. False when somebody else has taken it meanwhile."""
    held = OutboxRow.objects.filter(pk=row.pk, lease=lease)
    return bool(held.update(leased_until=clock.now() + LONG_LEASE))


def release(lease: UUID) -> None:
    """Lay back what was claimed and not begun, for others to take."""
    OutboxRow.objects.filter(lease=lease).update(lease=None, leased_until=None)


def give_back(row: OutboxRow, lease: UUID, error: Exception) -> None:
    """Note the failure: try again after a pause that doubles, or, after MAX_ATTEMPTS, lay the row out as dead."""
    attempts = row.attempts + 1
    now = clock.now()
    OutboxRow.objects.filter(pk=row.pk, lease=lease).update(
        attempts=attempts,
        error="".join(traceback.format_exception(error, limit=-5))[-4000:],
        run_after=now + pause(attempts),
        dead_at=now if attempts >= MAX_ATTEMPTS else None,
        lease=None,
        leased_until=None,
    )


def pause(attempts: int) -> timedelta:
    """1, 2, 4 … seconds up to an hour, each up to a half shorter or longer, so that failures do not march in step."""
    return timedelta(seconds=min(2.0 ** (attempts - 1), LONGEST_PAUSE) * random.uniform(0.5, 1.5))  # noqa: S311
