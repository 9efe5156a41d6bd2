"""A list of 100,000 customers: tried out, taken in, taken in again; with what that costs in time and memory."""

import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.stage import stage
from customers.domain.importing.run import advance, begin, counts, upload
from customers.enums import ImportState
from customers.models import Customer, CustomerImport

ROWS = 100_000


def run() -> dict[str, Any]:
    with stage(), tempfile.NamedTemporaryFile("w+b", suffix=".csv") as file:
        file.write(b"Name;E-mail;Phone;Company\n")
        for number in range(ROWS):
            line = (
                f"Bo Ek {chr(65 + number % 26)};guest{number}@post.example;+46 70 {number:07d};Company {number % 50}\n"
            )
            file.write(line.encode())
        file.flush()
        before = _megabytes()
        tried, batch = _taken(Path(file.name), ImportState.CHECKING)
        taken = _work(batch, ImportState.IMPORTING)
        peak = _megabytes()
        customers = Customer.objects.count()
        again, second = _taken(Path(file.name), ImportState.CHECKING)
        same = counts(second)
        return {
            "rows": ROWS,
            "tried_rows_per_second": round(ROWS / tried),
            "taken_rows_per_second": round(ROWS / taken),
            "again_rows_per_second": round(ROWS / again),
            "customers": customers,
            "same_the_second_time": same["same"],
            "megabytes_more_at_the_peak": round(peak - before),
            "limit_megabytes": 100,
        }


def _taken(path: Path, state: ImportState) -> tuple[float, CustomerImport]:
    with path.open("rb") as file:
        batch = upload(file, path.name, agent=None)
    return _work(batch, state), batch


def _work(batch: CustomerImport, state: ImportState) -> float:
    began = time.process_time()
    begin(batch.pk, state)
    while advance(batch.pk):
        pass
    return time.process_time() - began


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
