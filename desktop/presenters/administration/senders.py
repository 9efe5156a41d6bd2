"""Blocked senders and signing keys, ready to be written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from channels_email.domain.dkim_signing import KeyUnusable, dns_record
from channels_email.models import BlockedSender, SigningKey


@dataclass(frozen=True)
class BlockLine:
    id: UUID
    value: str
    what: str
    reason: str
    who: str
    at: datetime
    url: str


@dataclass(frozen=True)
class KeyLine:
    """`name` and `record` are what the domain's DNS has to say; `trouble` says why there is no record."""

    id: UUID
    domain: str
    name: str
    record: str
    trouble: str
    active: bool
    url: str


def block_lines(blocked: Iterable[BlockedSender]) -> list[BlockLine]:
    return [
        BlockLine(
            id=one.pk,
            value=one.value,
            what="everybody there" if one.value.startswith("@") else "this address",
            reason=one.reason,
            who=one.blocked_by.name if one.blocked_by else "",
            at=one.created_at,
            url=reverse("desktop:block", args=[one.pk]),
        )
        for one in blocked
    ]


def key_lines(keys: Iterable[SigningKey]) -> list[KeyLine]:
    return [_key_line(key) for key in keys]


def _key_line(key: SigningKey) -> KeyLine:
    try:
        record, trouble = dns_record(key.private_key), ""
    except KeyUnusable as error:
        record, trouble = "", str(error)
    return KeyLine(key.pk, key.domain, str(key), record, trouble, key.active, reverse("desktop:key", args=[key.pk]))
