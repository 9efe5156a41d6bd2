"""How far each stream has come. It stands in PostgreSQL, so a listener that missed signals can tell."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import Combinable

from foundation import clock


class StreamPosition(models.Model):
    stream = models.CharField(max_length=100, primary_key=True)
    sequence = models.BigIntegerField()
    signalled_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["signalled_at"], name="stream_age")]

    def __str__(self) -> str:
        return f"{self.stream} at {self.sequence}"


# A sequence starts at the time in milliseconds, so it goes on upwards also after its row was cleared away.
RAISE = """
INSERT INTO foundation_streamposition AS old (stream, sequence, signalled_at)
SELECT unnest(%(streams)s), %(milliseconds)s, %(now)s
ON CONFLICT (stream) DO UPDATE
SET sequence = GREATEST(old.sequence + 1, EXCLUDED.sequence), signalled_at = EXCLUDED.signalled_at
RETURNING stream, sequence
"""
_POSITIONS = "SELECT stream, sequence FROM foundation_streamposition WHERE stream = ANY(%s::text[])"


def advance(streams: Iterable[str]) -> dict[str, int]:
    """One step on in each stream; the new sequence of each."""
    now = clock.now()
    values: dict[str, list[str] | int | datetime] = {
        "streams": sorted(set(streams)),
        "milliseconds": int(now.timestamp() * 1000),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(RAISE, values)
        return dict(cursor.fetchall())


def positions(streams: Iterable[str], *named: Combinable) -> dict[str, int]:
    """The last sequence of each stream, 0 for one that never had a signal; see `streams.latest`."""
    asked = dict.fromkeys(streams, 0)
    if named:
        wanted = Q(stream__in=asked)
        for name in named:
            wanted |= Q(stream=name)
        return asked | dict(StreamPosition.objects.filter(wanted).values_list("stream", "sequence"))
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS, [list(asked)])
        return asked | dict(cursor.fetchall())


def clear(before: datetime) -> int:
    """Forget streams that have been quiet since `before`; how many."""
    return StreamPosition.objects.filter(signalled_at__lt=before).delete()[0]
