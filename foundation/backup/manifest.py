"""What a backup says of itself, and whether this installation can take it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from foundation import clock
from foundation.backup.errors import BackupFailed

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`made_at` is an ISO 8601 moment, `migrations` are "app.name"; `key` tells SECRET_KEYs apart and reveals none."""

    format: int
    made_at: str
    migrations: list[str]
    key: str

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def here() -> Manifest:
    """Of this installation, now."""
    applied = MigrationExecutor(connection).loader.applied_migrations
    return Manifest(
        format=FORMAT,
        made_at=clock.now().isoformat(),
        migrations=sorted(f"{app}.{name}" for app, name in applied),
        key=_fingerprint(),
    )


def read(content: bytes) -> Manifest:
    """Raises BackupFailed for what this release cannot take: no backup, or one of a later release."""
    try:
        manifest = Manifest(**json.loads(content))
    except (ValueError, TypeError) as error:
        raise BackupFailed("This is no backup of a contact center: its manifest cannot be read.") from error
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or ()}
    unknown = sorted(set(manifest.migrations) - known)
    if manifest.format != FORMAT or unknown:
        first = f" (it knows {unknown[0]})" if unknown else ""
        raise BackupFailed(f"This backup is of a later release{first}; restore it with that one.")
    return manifest


def fits_key(manifest: Manifest) -> bool:
    """Whether what was encrypted and signed before can be read here."""
    return manifest.key == _fingerprint()


def _fingerprint() -> str:
    return hashlib.pbkdf2_hmac("sha256", settings.SECRET_KEY.encode(), b"contactcenter backup", 100_000).hex()[:16]
