"""Turning a sender away from where one of their messages stands, and taking that back."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from channels_email.domain.block import CannotBlock, ReachesOthers, block, unblock
from channels_email.domain.block import blocking as blocking_row
from desktop.views.door import agent_of, case_changed, done, go_to, screen, tell
from interactions.domain.access import access_message


@screen("POST", "DELETE")
def blocking(request: HttpRequest, message: UUID) -> HttpResponse:
    """POST blocks the message's sender (`what=address`) or their whole domain (`what=domain`), DELETE unblocks them.

    A domain at which others are known is blocked on the page that says how many.
    """
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
        row = block(value, agent, case=found.case_id, because_of=address)
    except ReachesOthers as others:
        reason = f"Case #{found.case.number}" if found.case else ""
        query = urlencode({"value": others.reach.value, "reason": reason})
        return go_to(request, f"{reverse('desktop:blocks')}?{query}")
    except CannotBlock as refusal:
        return tell(HttpResponse(status=204), toast=str(refusal))
    return done(changed, f"Mail from {row.value} is turned away from now on.")
