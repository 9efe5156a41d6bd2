"""Turning senders away: an address or a whole domain, until somebody takes it back."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from agents.enums import Permission
from agents.models import Agent
from channels_email.domain.block_reach import Reach, reach_of
from channels_email.domain.own_addresses import is_own, own_addresses
from channels_email.models import BlockedSender
from customers.domain.addresses import normalise
from customers.domain.reach import set_blocked
from customers.enums import IdentityKind
from customers.errors import AddressUnusable
from interactions.errors import NotAllowed


class CannotBlock(ValueError):
    """It cannot be blocked; the sentence says why."""


class ReachesOthers(Exception):
    """Blocking this domain would turn away others, too; `reach` says whom. It is done for who says that they know."""

    def __init__(self, reach: Reach) -> None:
        super().__init__(reach.words())
        self.reach = reach


def block(
    value: str, agent: Agent, *, case: UUID | None = None, reason: str = "", because_of: str = "", sure: bool = False
) -> BlockedSender:
    """Blocks an address, or with `@domain` all of a domain. Twice is once.

    Raises NotAllowed without the right to, CannotBlock for what is no address, or ours, and where nobody is `sure` yet
    ReachesOthers for a domain with customers other than the owner of the address `because_of`, or open to everybody.
    """
    if not agent.may(Permission.BLOCK_SENDERS):
        raise NotAllowed
    wanted = may_be_blocked(value)
    reach = None if sure else reach_of(wanted, but=because_of)
    if reach is not None:
        raise ReachesOthers(reach)
    with transaction.atomic():
        row, _ = BlockedSender.objects.get_or_create(
            value=wanted, defaults={"blocked_by": agent, "case_id": case, "reason": reason[:200]}
        )
        if not wanted.startswith("@"):
            set_blocked(IdentityKind.EMAIL, wanted, blocked=True, agent=agent.pk)
        return row


def unblock(blocked: UUID, agent: Agent) -> None:
    """Mail from there becomes messages again; what was ignored meanwhile can be processed again from the ledger."""
    if not agent.may(Permission.BLOCK_SENDERS):
        raise NotAllowed
    with transaction.atomic():
        row = BlockedSender.objects.select_for_update().filter(pk=blocked).first()
        if row is None:
            return
        if not row.value.startswith("@"):
            set_blocked(IdentityKind.EMAIL, row.value, blocked=False, agent=agent.pk)
        row.delete()


def blocking(address: str) -> BlockedSender | None:
    """What turns this address away: its own row, or one of its domain or of a domain above that."""
    values = blocking_values(address)
    return BlockedSender.objects.filter(value__in=values).first() if values else None


def blocking_values(address: str) -> list[str]:
    """All that could be blocked to turn this address away, the address itself first; nothing for what is no address."""
    try:
        value = normalise(IdentityKind.EMAIL, address)
    except AddressUnusable:
        return []
    labels = value.rpartition("@")[2].split(".")
    return [value, *("@" + ".".join(labels[at:]) for at in range(len(labels) - 1))]


def blocked_among(addresses: Iterable[str]) -> frozenset[str]:
    """Which of the values that concern these addresses are blocked, in one query."""
    values = {value for address in addresses for value in blocking_values(address)}
    return (
        frozenset(BlockedSender.objects.filter(value__in=values).order_by().values_list("value", flat=True))
        if values
        else frozenset()
    )


def may_be_blocked(value: str) -> str:
    """The normal form of what may be blocked. Raises CannotBlock for what is no address or domain, ours, or a
    colleague's.
    """
    wanted = _normal(value)
    ours = own_addresses()
    if is_own(wanted, ours) or (wanted.startswith("@") and any(address.endswith(wanted) for address in ours)):
        raise CannotBlock(f"{wanted} is ours.")
    if Agent.objects.filter(email__iexact=wanted).exists():
        raise CannotBlock(f"{wanted} is a colleague.")
    return wanted


def _normal(value: str) -> str:
    """`a@b.example` or `@b.example`. Raises CannotBlock."""
    text = value.strip().lower()
    try:
        whole = normalise(IdentityKind.EMAIL, f"user{text}" if text.startswith("@") else text)
    except AddressUnusable as error:
        raise CannotBlock(f"{value.strip()[:100]} is neither an address nor a domain such as @example.org.") from error
    return f"@{whole.rpartition('@')[2]}" if text.startswith("@") else whole
