"""Passwords of other servers: readable with this installation's SECRET_KEY only."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted in the database (Fernet, key derived from SECRET_KEY by HKDF-SHA256, RFC 5869).

    Older keys in SECRET_KEY_FALLBACKS still read. A value that no key opens reads as empty, as if it were not set.
    """

    def get_prep_value(self, value: Any) -> Any:
        return _box().encrypt(value.encode()).decode() if value else ""

    def from_db_value(self, value: str | None, *_: object) -> str:
        if not value:
            return ""
        try:
            return _box().decrypt(value.encode()).decode()
        except InvalidToken:
            return ""


def _box() -> MultiFernet:
    return _box_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _box_of(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(Fernet(base64.urlsafe_b64encode(_derived(secret))) for secret in secrets)


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"channels_email passwords").derive(secret.encode())
