"""How soon work starts after its commit, and how many rows a second the workers take."""

import os
import statistics
import time
from typing import Any

from django.db import transaction

from benchmarks import outbox_receivers, stage
from benchmarks.outbox_receivers import NOTED, Batched, Single, Timed, notes
from foundation import bus
from foundation.outbox.models import OutboxRow

LATENCIES = 300
ROWS = 5_000
PER_TRANSACTION = 100


def run() -> dict[str, Any]:
    outbox_receivers.notes.cache_clear()
    load = round(os.getloadavg()[0], 1)  # what else the machine is doing
    with stage.stage() as environment:
        notes().flushdb()
        published = _publish(Batched)
        with stage.running(environment, *stage.worker("live", imports="benchmarks.outbox_receivers")):
            time.sleep(5)  # the worker is up and idle; nobody rings for the rows that wait
            with stage.running(environment, "manage.py", "relay"):
                batched = _seconds_until_empty()
                waits = _latencies()
            _publish(Single)
            with stage.running(environment, "manage.py", "relay"):
                singly = _seconds_until_empty()
    return {
        "commit_to_work_p50_ms": round(statistics.median(waits), 1),
        "commit_to_work_p95_ms": round(statistics.quantiles(waits, n=20)[-1], 1),
        "limit_p50_ms": 30,
        "rows_per_second_in_batches": round(ROWS / batched),
        "limit_rows_per_second": 1000,
        "rows_per_second_one_transaction_each": round(ROWS / singly),
        "rows_per_second_published": round(ROWS / published),
        "rows": ROWS,
        "samples": LATENCIES,
        "load_before": load,
    }


def _publish(event_type: type[Batched | Single]) -> float:
    began = time.monotonic()
    for start in range(0, ROWS, PER_TRANSACTION):
        with transaction.atomic():
            for number in range(start, start + PER_TRANSACTION):
                bus.publish(event_type(number=number))
    return time.monotonic() - began


def _seconds_until_empty() -> float:
    """From the first row that is worked on to the last."""
    rows = OutboxRow.objects.count()
    deadline = time.monotonic() + 120
    began = None
    while (left := OutboxRow.objects.count()) and time.monotonic() < deadline:
        if began is None and left < rows:
            began = time.monotonic()
        time.sleep(0.02)
    if left:
        raise RuntimeError(f"{left} rows were not worked off in two minutes")
    return time.monotonic() - (began or deadline)


def _latencies() -> list[float]:
    committed: dict[int, float] = {}
    for number in range(LATENCIES):
        with transaction.atomic():
            bus.publish(Timed(number=number))
        committed[number] = time.time()
        time.sleep(0.03)
    deadline = time.monotonic() + 30
    while notes().hlen(NOTED) < LATENCIES and time.monotonic() < deadline:
        time.sleep(0.05)
    noted = {int(number): float(moment) for number, moment in notes().hgetall(NOTED).items()}
    return [(noted[number] - committed[number]) * 1000 for number in range(LATENCIES)]
