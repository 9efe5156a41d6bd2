"""Marks that only we can make: 80 bits of HMAC-SHA256 under a key derived from SECRET_KEY, in base32."""

from __future__ import annotations

import base64
import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

LENGTH = 16  # letters of base32, 5 bits each
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32: no letter that looks like a digit


def mark(purpose: str, value: str) -> str:
    """The mark of `value` for one purpose; the same value for another purpose has another mark."""
    return _mark(purpose, value, settings.SECRET_KEY)


def is_ours(purpose: str, value: str, claimed: str) -> bool:
    """Whether `claimed` is our mark of `value`, also one made under a key in SECRET_KEY_FALLBACKS."""
    given = claimed.lower().encode()
    keys = (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))
    return any(hmac.compare_digest(_mark(purpose, value, key).encode(), given) for key in keys)


def write_number(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 32)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def read_number(text: str) -> int | None:
    """The number that `write_number` wrote; None for anything else, or beyond 60 bits."""
    number = 0
    for letter in text.lower():
        digit = _DIGITS.find(letter)
        if digit < 0:
            return None
        number = number * 32 + digit
    return number if text and len(text) <= 12 else None


def _mark(purpose: str, value: str, key: str) -> str:
    digest = salted_hmac(f"channels_email {purpose}", value, secret=key, algorithm="sha256").digest()
    return base64.b32encode(digest[: LENGTH * 5 // 8]).decode().lower()
