"""A real Dovecot for a scene."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from proofs.dovecot import PASSWORD, USER, Dovecot, temporary_dovecot

__all__ = ["PASSWORD", "USER", "Dovecot", "dovecot"]


@pytest.fixture
def dovecot(settings) -> Iterator[Dovecot]:
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    with temporary_dovecot() as server:
        if server is None:
            pytest.skip(
                "Dovecot is not installed: IMAP was not tried against a real server (apt-get install dovecot-imapd)"
            )
        yield server
