"""Why nothing more is offered to an agent who is available: both hands are full."""

from __future__ import annotations

from desktop.domain.presently import Presently


def hands_full(now: Presently) -> str:
    """A sentence, or '' for who has room for a mail or is not available."""
    if not now.held or not now.available:
        return ""
    if now.held < now.limit or now.offered:  # what is before them is not in hand yet
        return ""
    held = "one mail" if now.held == 1 else f"{now.held} mails"
    return f"You have {held} in hand, which is all you take at once. Answer or resolve one, and the next is offered."
