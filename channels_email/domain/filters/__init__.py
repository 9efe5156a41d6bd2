"""The filters that a mail passes before it becomes a message, in their order.

Each is one function in a file of its own: `ignore(arrived)` gives the reason why the mail becomes no message, or ''.
The first reason counts. A filter reads only; what follows from a mail that is ignored is not its business.
"""

from __future__ import annotations

from collections.abc import Callable

from channels_email.domain.arrived import Arrived
from channels_email.domain.filters import auto_reply, blocked, bounce, loop, own_address

Filter = Callable[[Arrived], str]

FILTERS: tuple[Filter, ...] = (
    loop.ignore,
    bounce.ignore,
    own_address.ignore,
    blocked.ignore,
    auto_reply.ignore,
)


def first_reason(arrived: Arrived) -> str:
    """The reason of the first filter that has one; '' lets the mail through."""
    return next((reason for ignore in FILTERS if (reason := ignore(arrived))), "")
