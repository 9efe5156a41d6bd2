"""Who the senders of some mails are to us, for all of them at once: blocked, or in the name of a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models.functions import Lower

from agents.models import Agent
from channels_email.domain.arrived import Arrived
from channels_email.domain.block import blocked_among, blocking_values


def with_standing(arrived: Sequence[Arrived]) -> list[Arrived]:
    """The same, each knowing what turns its sender away and whether it bears a colleague's address; in two queries."""
    senders = [each.sender.address.strip() if each.sender else "" for each in arrived]
    addresses = {address for address in senders if address}
    if not addresses:
        return list(arrived)
    blocked = blocked_among(addresses)
    colleagues = set(
        Agent.objects.annotate(lower=Lower("email"))
        .filter(lower__in={address.lower() for address in addresses})
        .order_by()
        .values_list("lower", flat=True)
    )
    return [
        replace(
            each,
            turned_away=next((value for value in blocking_values(address) if value in blocked), "") if blocked else "",
            as_colleague=address.lower() in colleagues,
        )
        for each, address in zip(arrived, senders, strict=True)
    ]
