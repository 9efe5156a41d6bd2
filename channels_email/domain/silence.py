"""To whom no automatic answer may go: lists, robots, and whoever says so (RFC 3834 section 2)."""

from __future__ import annotations

import re

from channels_email.domain.arrived import Arrived
from channels_email.domain.parsed import Kind

_ROBOT = re.compile(
    r"(?:no|non|not|do)[-_.]?(?:not[-_.]?)?(?:reply|respond|answer)|noreply|mailer-daemon|postmaster|bounces?|daemon|"
    r"listserv|majordomo|.*-(?:request|bounces?|owner)|owner-.*|auto(?:mailer|responder|reply)?|notifications?|alerts?"
)
_LIST_FIELDS = ("list-id", "list-unsubscribe", "list-post", "list-help")


def silence(arrived: Arrived) -> str:
    """Why the sender must get no automatic answer; '' when one may be sent."""
    mail, sender = arrived.mail, arrived.sender
    if mail.automatic or mail.kind != Kind.MESSAGE:
        return "automatic mail"
    if arrived.return_path is not None and not arrived.return_path.strip("<> "):
        return "no return path"
    if mail.list_id or any(mail.header(name) for name in _LIST_FIELDS):
        return "mailing list"
    if mail.header("precedence").strip().lower() in {"bulk", "junk", "list", "auto_reply"}:
        return "bulk mail"
    suppress = mail.header("x-auto-response-suppress").lower()
    if any(word.strip() in {"all", "autoreply", "oof"} for word in suppress.split(",")):
        return "the sender asks for none"
    if sender is None or _ROBOT.fullmatch(sender.address.rpartition("@")[0].lower()):
        return "robot"
    return ""
