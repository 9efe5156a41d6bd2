"""Everything the program reads from its environment, in one place, with one clear sentence for each mistake."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Value = TypeVar("Value")
ROOT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder for everything this installation writes; `CONTACTCENTER_HOME` moves it."""
    return Path(os.environ.get("CONTACTCENTER_HOME") or ROOT / "var").resolve()


def read(name: str, default: Value, convert: Callable[[str], Value]) -> Value:
    """The variable `name`, converted. Raises ImproperlyConfigured naming the variable when it cannot be."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        return convert(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} cannot be used: {error}") from error


def boolean(raw: str) -> bool:
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("say yes or no")


def words(raw: str) -> list[str]:
    return [word.strip() for word in raw.split(",") if word.strip()]


def one_of(*choices: str) -> Callable[[str], str]:
    def convert(raw: str) -> str:
        if raw.lower() not in choices:
            raise ValueError(f"say one of {', '.join(choices)}")
        return raw.lower()

    return convert


def web_address(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("it must look like https://service.example.com, without a path")
    _ = parts.port  # raises for what is none
    return raw.rstrip("/")


def port(raw: str) -> int:
    number = int(raw)
    if not 0 < number < 65536:
        raise ValueError("a port is between 1 and 65535")
    return number


def lmtp_place(raw: str) -> str:
    """Where to listen: host:port, or the path of a socket file (107 bytes at most, the kernel's limit)."""
    if raw.startswith("/"):
        if len(raw.encode()) > 107:
            raise ValueError("the path of a socket file has 107 bytes at most")
        return raw
    host, _, number = raw.rpartition(":")
    if not host:
        raise ValueError("it must look like 127.0.0.1:2424 or /run/contactcenter/lmtp")
    port(number)
    return raw


def redis_address(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname or parts.port == 0:
        raise ValueError("it must look like redis://:password@host:6379/0")
    return raw


def embedded(key: str) -> str:
    """The address of an embedded server that the local runner recorded in this installation's folder, or ''."""
    try:
        recorded = json.loads((home() / "servers.json").read_text())
    except (OSError, ValueError):
        return ""
    value = recorded.get(key, "") if isinstance(recorded, dict) else ""
    return value if isinstance(value, str) else ""


def database(url: str) -> dict[str, object]:
    """Django's database settings for a postgres:// URL. Raises ImproperlyConfigured for any other."""
    parts = urlsplit(url)
    try:
        port = parts.port or 5432
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL has a port that is not a number: {error}") from error
    name = parts.path.lstrip("/")
    if parts.scheme not in {"postgres", "postgresql"} or not parts.hostname or not name:
        raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host:5432/name")
    return {
        "ENGINE": "django_prometheus.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": port,
        "CONN_MAX_AGE": read("DATABASE_CONN_MAX_AGE", 60, int),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "contactcenter"},
    }


def secret_key() -> str:
    """`SECRET_KEY`, else one made once for this installation and kept, readable by its owner only, under var/."""
    given = os.environ.get("SECRET_KEY", "")
    if given:
        return given
    path = home() / "secret_key"
    try:
        return path.read_text().strip()
    except OSError:
        path.parent.mkdir(parents=True, exist_ok=True)
    fresh = secrets.token_urlsafe(50)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(fresh)
    return fresh
