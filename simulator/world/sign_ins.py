"""The passwords of the printed sign-ins: made once for this installation and kept, readable by its owner only."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

from simulator.world.sources import read

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def kept_passwords() -> dict[str, str]:
    """By user name; those that are missing are made and written down."""
    path = Path(settings.HOME) / "sign_ins.json"
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        kept = {}
    wanted = [entry["username"] for entry in read("staff")["printed"]]
    passwords = {name: kept.get(name) or _password() for name in wanted}
    if passwords != kept:
        _write(path, json.dumps(passwords, indent=2))
    return passwords


def mark(passwords: Mapping[str, str]) -> str:
    """Tells these passwords from others without telling them; quicker than asking each agent's hash."""
    return salted_hmac("simulator.sign_ins", json.dumps(passwords, sort_keys=True), algorithm="sha256").hexdigest()


def _password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
