"""The table of processes that make a running installation, their ports and their environment."""

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from contactcenter import environment
from contactcenter.local import ports
from contactcenter.local.processes import Part
from contactcenter.local.screen import say
from contactcenter.local.servers import write_private

PYTHON = sys.executable


@dataclass(frozen=True)
class Ports:
    web: int
    sockets: int
    smtp: int
    mailboxes: int


def choose_ports() -> Ports:
    """Those asked for by PORT, SOCKETS_PORT and SMTP_PORT, or the next free ones, which is said.

    The one where the demo customers' mailboxes take what the demo sends is behind them and nobody's concern.
    """
    chosen: list[int] = []

    def choose(name: str, wanted: int) -> int:
        port = ports.first_free(wanted, chosen)
        if port != wanted and wanted not in chosen:
            say(f"Port {wanted} is taken; {name} uses {port}.")
        chosen.append(port)
        return port

    web = choose("the web address", environment.read("PORT", 8000, environment.port))
    smtp = choose("SMTP", environment.read("SMTP_PORT", 2525, environment.port))
    sockets = choose("the socket address", environment.read("SOCKETS_PORT", web + 1, environment.port))
    return Ports(web, sockets, smtp, ports.first_free(smtp + 1, chosen))


def kept_secret(path: Path) -> str:
    if not path.exists():
        write_private(path, secrets.token_hex(16))
    return path.read_text().strip()


def surroundings(home: Path, chosen: Ports, *, simulated: bool, dev: bool) -> dict[str, str]:
    """The environment of every process; the servers' addresses are read from servers.json."""
    return {
        **os.environ,
        "CONTACTCENTER_HOME": str(home),
        "PORT": str(chosen.web),
        "SOCKETS_PORT": str(chosen.sockets),
        "SMTP_PORT": str(chosen.smtp),
        **outgoing(chosen),
        "PUBLIC_URL": f"http://{ports.LOOPBACK}:{chosen.web}",
        "TWILIO_AUTH_TOKEN": os.environ.get("TWILIO_AUTH_TOKEN") or kept_secret(home / "twilio_auth_token"),
        "SIMULATOR": "on" if simulated else "off",
        "DEBUG": "yes" if dev else "no",
        "PYTHONPATH": str(environment.ROOT),
    }


def outgoing(chosen: Ports) -> dict[str, str]:
    """Mail leaves to the customers' mailboxes, unless the caller names a server of its own by SMTP_OUT_HOST."""
    if os.environ.get("SMTP_OUT_HOST"):
        return {}
    return {"SMTP_OUT_HOST": ports.LOOPBACK, "SMTP_OUT_PORT": str(chosen.mailboxes), "SMTP_OUT_SECURITY": "none"}


def managed(name: str, command: str, *options: str) -> Part:
    return Part(name, (PYTHON, environment.ROOT / "manage.py", command, *options))


def parts(home: Path, chosen: Ports, *, simulated: bool, dev: bool) -> list[Part]:
    loopback = ("--host", ports.LOOPBACK, "--port")
    celery = (PYTHON, "-m", "celery", "--app", "contactcenter")
    serve = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "8", "--no-ws", "--log-level", "warning")
    quiet = ("--lifespan", "off", "--no-access-log", "--log-level", "warning")
    calm = ("--without-gossip", "--without-mingle", "--concurrency", "2", "--loglevel", "WARNING")
    table = [
        Part("web", (PYTHON, "-m", "granian", *serve, *loopback, str(chosen.web), "contactcenter.wsgi:application")),
        Part(
            "sockets",
            (PYTHON, "-m", "uvicorn", *quiet, *loopback, str(chosen.sockets), "contactcenter.asgi:application"),
        ),
        Part("worker", (*celery, "worker", "--queues", "live,mail,bulk", *calm)),
        Part("beat", (*celery, "beat", "--schedule", home / "beat", "--pidfile=", "--loglevel", "WARNING")),
        managed("relay", "relay"),
        managed("mail", "listen_mail"),
        managed("mailboxes", "customer_mailboxes", *loopback, str(chosen.mailboxes)),
    ]
    if simulated:
        table.append(managed("simulator", "simulate"))
    if dev:
        node = Path(PYTHON).parent / "node"
        table.append(Part("assets", (node, environment.ROOT / "deploy/build_assets.mjs", "--watch", "--dev")))
    return table
