"""What a customer allows. Of a merged customer the latest word counts, whichever of its records it stands on."""

from __future__ import annotations

from collections.abc import Iterable

from customers.models import Consent


def standing(consents: Iterable[Consent]) -> list[Consent]:
    """For each channel and purpose the one that counts: the latest, and of two at one moment the refusal."""
    latest: dict[tuple[str, str], Consent] = {}
    for consent in sorted(consents, key=lambda one: (one.since, not one.granted)):
        latest[consent.channel, consent.purpose] = consent
    return [latest[key] for key in sorted(latest)]
