"""Turning a sender away from where one of their messages stands, and taking that back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from channels_email.domain.block import CannotBlock, block, unblock
from channels_email.domain.block import blocking as blocking_row
from desktop.views.door import agent_of, case_changed, done, screen, tell
from interactions.domain.access import access_message


@screen("POST", "DELETE")
def blocking(request: HttpRequest, message: UUID) -> HttpResponse:
    """POST blocks the message's sender (`what=address`) or their whole domain (`what=domain`), DELETE unblocks them."""
    agent = agent_of(request)
    found = access_message(agent, message)
    address = found.sender_address
    changed = case_changed(found.case_id) if found.case_id else ""
    if request.method == "DELETE":
        row = blocking_row(address)
        if row is not None:
            unblock(row.pk, agent)
        return done(changed, f"Mail from {row.value if row else address} is let in again.")
    whole = request.POST.get("what") == "domain"
    value = f"@{address.rpartition('@')[2]}" if whole else address
    try:
        row = block(value, agent, case=found.case_id)
    except CannotBlock as refusal:
        return tell(HttpResponse(status=204), toast=str(refusal))
    return done(changed, f"Mail from {row.value} is turned away from now on.")
