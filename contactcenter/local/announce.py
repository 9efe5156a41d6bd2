"""What a newcomer needs to know of a running demo, on the terminal and in demo.json."""

import json
from pathlib import Path

from contactcenter.local import ports
from contactcenter.local.parts import Ports
from contactcenter.local.screen import box, say
from contactcenter.local.servers import Servers, write_private


def announce(home: Path, chosen: Ports, servers: Servers, demo: dict[str, object], env: dict[str, str]) -> None:
    """Writes demo.json (its keys are promised in the README) and prints the same."""
    facts = {
        "url": env["PUBLIC_URL"],
        "users": demo.get("users", {}),
        "api_token": demo.get("api_token", ""),
        "smtp": {"host": ports.LOOPBACK, "port": chosen.smtp},
        "mailbox": demo.get("mailbox", ""),
        "twilio_auth_token": env["TWILIO_AUTH_TOKEN"],
        "database_url": servers.database_url,
        "redis_url": servers.redis_url,
    }
    write_private(home / "demo.json", json.dumps(facts, indent=2))
    rows = [("Address", env["PUBLIC_URL"])]
    users = facts["users"]
    if isinstance(users, dict):
        rows += [(role.capitalize(), f"{user['username']}  /  {user['password']}") for role, user in users.items()]
    rows += [
        ("As a customer", f"{env['PUBLIC_URL']}/demo/mailbox/  from any address, such as you@home.example"),
        *[("Write to" if not place else "", address) for place, address in enumerate(_mailboxes(demo))],
        ("SMTP", f"{ports.LOOPBACK}:{chosen.smtp}"),
        ("API token", f"{facts['api_token']}"),
        ("Twilio auth token", env["TWILIO_AUTH_TOKEN"]),
        ("The same as JSON", str(home / "demo.json")),
        ("Logs", str(home / "log")),
    ]
    say("\n" + box("contactcenter runs. Ctrl-C ends it.", [row for row in rows if row[1]]) + "\n")


def _mailboxes(demo: dict[str, object]) -> list[str]:
    """The addresses that the demo reads, the first one first."""
    every = demo.get("mailboxes")
    return [str(address) for address in every] if isinstance(every, list) else [str(demo.get("mailbox", ""))]
