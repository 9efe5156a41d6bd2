"""Mail from raw bytes to a case: mails a second, what each costs, and how far that is from only writing the rows.

One process takes the mails in one after the other as `receive_email` does: a commit for the raw mail, a second one for
what it became. The peer writes exactly the same rows with psycopg2 and the same commits, and does nothing else.
"""

import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
from django.conf import settings
from django.db import connection

from benchmarks import stage
from benchmarks.mails import mails
from brands.models import Brand
from channels_email.domain.process import process
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door
from channels_email.models import Mailbox
from foundation.calendar.models import Calendar
from interactions.models import Attachment, Case, Message, Queue

COUNT = 1_000
WARM = 50
COUNTED = 200
ADDRESS = "support@shop.example"
WRITES = ("INSERT", "UPDATE")
TABLES = ("channels_email_rawemail", "interactions_case", "interactions_message", "customers_customer")
Statement = tuple[str, Any]


def run() -> dict[str, Any]:
    with stage.stage(), tempfile.TemporaryDirectory() as files:
        settings.MEDIA_ROOT = files
        _set_up()
        for content in mails(WARM, ADDRESS, seed=2):
            _receive(content)
        intake = _measured(list(mails(COUNT, ADDRESS)))
        shape = {
            "messages": Message.objects.count(),
            "cases": Case.objects.count(),
            "files": Attachment.objects.count(),
        }
        statements, per_mail = _recorded(list(mails(COUNTED, ADDRESS, seed=3)))
        bare = _written_bare(per_mail)
    return {
        **intake,
        "limit_mails_per_second": 108,
        "sql_statements_per_mail": round(statements / COUNTED, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "bare_psycopg2_mails_per_second": bare,
        "share_of_bare_psycopg2": round(intake["mails_per_second"] / bare, 3),
        "mails": COUNT,
        **shape,
    }


def _set_up() -> None:
    calendar = Calendar.objects.create(name="Always")
    brand = Brand.objects.create(name="Shop")
    queue = Queue.objects.create(name="Support", brand=brand, calendar=calendar)
    Mailbox.objects.create(address=ADDRESS, queue=queue)


def _receive(content: bytes) -> None:
    process(take_in(content, Origin(door=Door.CLI), announce=False).pk)


def _measured(contents: list[bytes]) -> dict[str, Any]:
    backend = _backend()
    cpu = time.process_time() + _cpu(backend)
    began = time.monotonic()
    each: list[float] = []
    for content in contents:
        started = time.monotonic()
        _receive(content)
        each.append((time.monotonic() - started) * 1000)
    seconds = time.monotonic() - began
    spent = time.process_time() + _cpu(backend) - cpu
    return {
        "mails_per_second": round(len(contents) / seconds, 1),
        "ms_per_mail_p50": round(statistics.median(each), 1),
        "ms_per_mail_p95": round(statistics.quantiles(each, n=20)[-1], 1),
        "cpu_ms_per_mail": round(spent / len(contents) * 1000, 1),
        "cpu_counts": "this process and its database backend" if backend else "this process only",
        "median_kb": round(statistics.median(map(len, contents)) / 1024, 1),
    }


def _backend() -> psutil.Process | None:
    """The server process of our connection, when the database runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        process_of_ours = psutil.Process(pid)
        return process_of_ours if "postgres" in process_of_ours.name() else None
    except psutil.Error:
        return None


def _cpu(backend: psutil.Process | None) -> float:
    if backend is None:
        return 0.0
    times = backend.cpu_times()
    return float(times.user + times.system)


def _recorded(contents: list[bytes]) -> tuple[int, list[list[Statement]]]:
    """How many statements the mails took, and for each mail those that wrote rows, None standing for a commit."""
    per_mail: list[list[Statement]] = []
    count = 0
    for content in contents:
        with _listening() as heard:
            _receive(content)
        count += len(heard)
        per_mail.append([(sql, params) for sql, params in heard if sql.lstrip().upper().startswith(WRITES)])
    return count, per_mail


@contextmanager
def _listening() -> Iterator[list[Statement]]:
    heard: list[Statement] = []

    def listen(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        heard.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield heard


def _written_bare(per_mail: list[list[Statement]]) -> float:
    """Mails a second when their rows are only written; the raw mail, the first statement of each, is a commit alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    bare = connection.get_new_connection(connection.get_connection_params())
    bare.autocommit = False
    try:
        with bare.cursor() as cursor:
            began = time.monotonic()
            for first, *others in per_mail:
                cursor.execute(*first)
                bare.commit()
                for sql, params in others:
                    cursor.execute(sql, params)
                bare.commit()
            return round(len(per_mail) / (time.monotonic() - began), 1)
    finally:
        bare.close()
