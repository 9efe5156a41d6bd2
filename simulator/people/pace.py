"""Human pace: how long somebody takes, decided by what they do it to, so that a restart changes nothing."""

from __future__ import annotations

import hashlib
import math
from datetime import timedelta
from statistics import NormalDist
from uuid import UUID

_NORMAL = NormalDist()


def chance(key: UUID, of: str) -> float:
    """A number between 0 and 1, always the same for this key and this question."""
    digest = hashlib.sha256(f"{key}{of}".encode()).digest()
    return (int.from_bytes(digest[:6], "big") + 0.5) / 2**48


def takes(key: UUID, of: str, median: float, spread: float = 0.5, least: float = 2.0) -> timedelta:
    """Log-normal around `median` seconds, as handling times are; never under `least`."""
    return timedelta(seconds=max(least, median * math.exp(spread * _NORMAL.inv_cdf(chance(key, of)))))
