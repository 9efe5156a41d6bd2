"""Waiting until a started installation answers."""

import http.client
import smtplib
import socket
import time
from collections.abc import Callable

from contactcenter.local import ports
from contactcenter.local.errors import LocalError
from contactcenter.local.parts import Ports
from contactcenter.local.processes import Processes, last_lines
from contactcenter.local.screen import say

PATIENCE = 120  # seconds until all processes answer
AWAITED = ("web", "sockets", "mail")


def answers_http(port: int) -> bool:
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def answers_smtp(port: int) -> bool:
    try:
        with smtplib.SMTP(ports.LOOPBACK, port, timeout=2) as client:
            return client.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def answers_sockets(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((ports.LOOPBACK, port)) == 0


def wait_until_ready(processes: Processes, chosen: Ports) -> None:
    """Returns when each process that was started, all of them AWAITED, answers. Raises LocalError when one does not."""
    answers: dict[str, Callable[[], bool]] = {
        "web": lambda: answers_http(chosen.web),
        "sockets": lambda: answers_sockets(chosen.sockets),
        "mail": lambda: answers_smtp(chosen.smtp),
    }
    waiting = {entry.part.name for entry in processes.running}
    deadline = time.monotonic() + PATIENCE
    while waiting:
        waiting = {name for name in waiting if not answers[name]()}
        processes.tick()
        if waiting and time.monotonic() > deadline:
            for name in sorted(waiting):
                say("\n".join(last_lines(processes.home / "log" / f"{name}.log", 15)))
            raise LocalError(
                f"{', '.join(sorted(waiting))} did not answer within {PATIENCE} s; logs: {processes.home / 'log'}"
            )
        time.sleep(0.2)
