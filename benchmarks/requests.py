"""Requests through the real WSGI handler, with every middleware, as a signed-in agent; and what each took."""

import io
import os
import statistics
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from rest_framework.authtoken.models import Token

from agents.models import Agent


@dataclass(frozen=True)
class Answer:
    """Milliseconds of wall time; of CPU, the database's for it among them; how many statements it got; the body."""

    milliseconds: float
    cpu: float
    queries: int
    body: bytes


class Desk:
    """An agent's browser, or with `token` a program of theirs; one connection to the database, kept open."""

    def __init__(self, agent: Agent, *, token: bool = False) -> None:
        self._handler = WSGIHandler()
        host = settings.ALLOWED_HOSTS[0]
        self._environ = {
            "SERVER_NAME": host,
            "SERVER_PORT": "80",
            "HTTP_HOST": host,
            "REQUEST_METHOD": "GET",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SCRIPT_NAME": "",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "https" if settings.SECURE else "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.version": (1, 0),
        }
        if token:
            self._environ["HTTP_AUTHORIZATION"] = f"Token {Token.objects.get_or_create(user=agent)[0].key}"
        else:
            self._environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={_signed_in(agent)}"

    def get(self, path: str, *, part: bool = False, **asked: Any) -> Answer:
        """Raises RuntimeError for any answer but 200."""
        environ = {
            **self._environ,
            "PATH_INFO": path,
            "QUERY_STRING": urlencode(asked, doseq=True),
            "wsgi.input": io.BytesIO(),
            **({"HTTP_HX_REQUEST": "true"} if part else {}),
        }
        status: list[str] = []
        count = _Count()
        with connection.execute_wrapper(count):
            cpu, began = cpu_seconds(), time.perf_counter()
            response = self._handler(environ, lambda line, _headers: status.append(line))
            body = b"".join(response)
            response.close()
            took, spent = time.perf_counter() - began, cpu_seconds() - cpu
        if not status[0].startswith("200"):
            raise RuntimeError(f"{path} answered {status[0]}")
        return Answer(took * 1000, spent * 1000, count.statements, body)

    def bare(self) -> float:
        """Milliseconds of a Django template response alone: no middleware, no session, no database."""
        began = time.perf_counter()
        HttpResponse(_BARE.render({"rows": range(30)}, HttpRequest())).getvalue()
        return (time.perf_counter() - began) * 1000


_BARE = engines["django"].from_string(
    "<!doctype html><title>Bare</title><ol>{% for row in rows %}<li>{{ row }}</li>{% endfor %}</ol>"
)


class _Count:
    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)


def _signed_in(agent: Agent) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def of_answers(answers: Sequence[Answer]) -> dict[str, Any]:
    cpu = figures(answer.cpu for answer in answers)
    return {
        **figures(answer.milliseconds for answer in answers),
        "cpu_p50_ms": cpu["p50_ms"],
        "cpu_p95_ms": cpu["p95_ms"],
        "queries": max(answer.queries for answer in answers),
        "kb": round(statistics.median(len(answer.body) for answer in answers) / 1024, 1),
        "requests": len(answers),
    }


def figures(milliseconds: Iterable[float]) -> dict[str, float]:
    each = sorted(milliseconds)
    return {
        "p50_ms": round(statistics.median(each), 2),
        "p95_ms": round(statistics.quantiles(each, n=20)[-1], 2),
        "max_ms": round(each[-1], 2),
    }


def cpu_seconds() -> float:
    """CPU that this process and its database backend have used; of this process alone where the backend is elsewhere.

    The kernel's own count in nanoseconds (Linux: proc/<pid>/schedstat), as ticks of 10 ms are too coarse for a page.
    """
    spent = time.process_time()
    try:
        return spent + int(Path(f"/proc/{_backend()}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, ValueError):
        return spent


def _backend() -> int:
    """The process that serves our connection to the database; meaningless when that is on another machine."""
    connection.ensure_connection()
    return int(connection.connection.get_backend_pid())


def memory() -> dict[str, float]:
    """What this process and its database backend hold, in MB; of the backend without what all backends share."""
    held = {"process_mb": psutil.Process().memory_info().rss / 2**20}
    with suppress(psutil.Error):
        held["backend_mb"] = psutil.Process(_backend()).memory_full_info().uss / 2**20
    return {name: round(size, 1) for name, size in held.items()}


def business() -> dict[str, float]:
    """How busy the machine is: wall times of one with more to do than cores say little, CPU times still hold."""
    return {"load_average": round(os.getloadavg()[0], 2), "cores": os.cpu_count() or 1}
