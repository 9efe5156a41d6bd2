"""Primary keys: UUID version 7 (RFC 9562), so that rows made later sort later and indexes stay compact."""

import uuid

from uuid_utils import compat


def new_key() -> uuid.UUID:
    """A fresh key; ordered by time to the millisecond, and strictly within one process."""
    return compat.uuid7()
