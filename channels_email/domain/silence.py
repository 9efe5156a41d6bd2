"""To whom no automatic answer may go: lists, robots, and whoever says so (RFC 3834 section 2)."""

from __future__ import annotations

import re
from collections.abc import Callable

from channels_email.domain.arrived import Arrived
from channels_email.domain.parsed import Kind

_ROBOT = re.compile(
    r"(?:no|non|not|do)[-_.]?(?:not[-_.]?)?(?:reply|respond|answer)|noreply|mailer-daemon|postmaster|bounces?|daemon|"
    r"listserv|majordomo|.*-(?:request|bounces?|owner)|owner-.*|auto(?:mailer|responder|reply)?|notifications?|alerts?"
)
_LIST_FIELDS = ("list-id", "list-unsubscribe", "list-post", "list-help")


def silence(arrived: Arrived) -> str:
    """Why the sender must get no automatic answer; '' when one may be sent."""
    return next((why for why, holds in _REASONS if holds(arrived)), "")


def _is_automatic(arrived: Arrived) -> bool:
    return arrived.mail.automatic or arrived.mail.kind != Kind.MESSAGE


def _has_no_return_path(arrived: Arrived) -> bool:
    return arrived.return_path is not None and not arrived.return_path.strip("<> ")


def _is_of_a_list(arrived: Arrived) -> bool:
    return bool(arrived.mail.list_id) or any(arrived.mail.header(name) for name in _LIST_FIELDS)


def _is_bulk(arrived: Arrived) -> bool:
    return arrived.mail.header("precedence").strip().lower() in {"bulk", "junk", "list", "auto_reply"}


def _asks_for_none(arrived: Arrived) -> bool:
    suppressed = arrived.mail.header("x-auto-response-suppress").lower().split(",")
    return any(word.strip() in {"all", "autoreply", "oof"} for word in suppressed)


def _is_a_robot(arrived: Arrived) -> bool:
    sender = arrived.sender
    return sender is None or _ROBOT.fullmatch(sender.address.rpartition("@")[0].lower()) is not None


_REASONS: tuple[tuple[str, Callable[[Arrived], bool]], ...] = (
    ("no return path", _has_no_return_path),
    ("mailing list", _is_of_a_list),
    ("bulk mail", _is_bulk),
    ("the sender asks for none", _asks_for_none),
    ("robot", _is_a_robot),
    ("automatic mail", _is_automatic),
)
